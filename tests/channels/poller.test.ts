import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Polled, type SqsPollerOptions, sqsPoller, textPlace } from "@holdline/channels";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let server: FauxqsServer;
let client: SQSClient;
let queueUrl: string;
let queues = 0;
const region = "us-east-1";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  client = new SQSClient({ endpoint: server.address, region, credentials });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(async () => {
  queues += 1;
  const { QueueUrl = "" } = await client.send(
    new CreateQueueCommand({
      QueueName: `inbound-${queues}`,
      Attributes: { VisibilityTimeout: "30" },
    }),
  );
  queueUrl = QueueUrl;
});

/** A text as SNS wraps it, published so many ms after the first. */
const published = (text: string, afterMs: number, from = "+14255550182") =>
  JSON.stringify({
    Type: "Notification",
    Message: JSON.stringify({
      originationNumber: from,
      destinationNumber: "+12065550100",
      messageBody: text,
      inboundMessageId: `${from}-${text}`,
    }),
    Timestamp: new Date(1_795_375_000_000 + afterMs).toISOString(),
  });
const textOf = ({ body }: Polled): string => {
  const outer = JSON.parse(body);
  return JSON.parse(outer.Message).messageBody;
};

async function send(...bodies: string[]) {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies
      .slice(start, start + 10)
      .map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

async function left() {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Polls until `enough` messages were handled, then stops and waits for the end. */
async function poll(
  enough: number,
  onMessage: (message: Polled) => Promise<unknown> = async () => {},
  more: Partial<SqsPollerOptions> = {},
) {
  const handled: Polled[] = [];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 12_000);
  await sqsPoller({
    client,
    queueUrl,
    signal: stop.signal,
    placeOf: textPlace,
    waitSeconds: 1,
    onMessage: async (message) => {
      await onMessage(message);
      handled.push(message);
      if (handled.length >= enough) stop.abort();
    },
    ...more,
  });
  clearTimeout(timer);
  return handled;
}

describe("the poller", () => {
  it("hands over every message with what SQS says of it, and deletes it", async () => {
    const bodies = Array.from({ length: 45 }, (_, n) =>
      published(`${n}`, n, `+1425555${1000 + n}`),
    );
    const begun = Date.now();
    await send(...bodies);
    const handled = await poll(45);
    expect(handled.map(textOf).sort()).toEqual(bodies.map((_, n) => `${n}`).sort());
    for (const { at, sentAt, receiveCount, messageId } of handled) {
      expect(at).toBeGreaterThanOrEqual(1_795_375_000_000);
      expect(sentAt).toBeGreaterThanOrEqual(begun - 1_000);
      expect(receiveCount).toBe(1);
      expect(messageId).not.toBe("");
    }
    expect(await left()).toEqual({ waiting: 0, inFlight: 0 });
  });

  it("orders the texts of one pair by SNS's time, however they were queued", async () => {
    await send(published("3", 300), published("1", 100), published("4", 400), published("2", 200));
    const handled = await poll(4);
    expect(handled.map(textOf)).toEqual(["1", "2", "3", "4"]);
  });

  it("falls back to SQS's time, and hands over what it cannot read", async () => {
    await send("{broken");
    const [handled] = await poll(1);
    expect(handled?.body).toBe("{broken");
    expect(handled?.at).toBe(handled?.sentAt);
    expect(await left()).toEqual({ waiting: 0, inFlight: 0 });
  });

  it("hands over the next of a pair only when the one before is done", async () => {
    let atOnce = 0;
    let most = 0;
    const other = Promise.withResolvers<void>();
    await send(
      ...[1, 2, 3].map((n) => published(`${n}`, n)),
      ...[4, 5, 6].map((n) => published(`${n}`, n, `+1425555018${n}`)),
    );
    await poll(6, async (message) => {
      if (Number(textOf(message)) > 3) return other.resolve();
      atOnce += 1;
      most = Math.max(most, atOnce);
      // Other pairs go on meanwhile: were they to wait for this one, nobody would ever go on.
      await other.promise;
      await sleep(10);
      atOnce -= 1;
    });
    expect(most).toBe(1);
  });

  it("brings a rejected message again, and lets none of its pair pass", async () => {
    const tries: string[] = [];
    const troubles: string[] = [];
    await send(published("1", 1), published("2", 2));
    const handled = await poll(
      2,
      async (message) => {
        tries.push(`${textOf(message)}/${message.receiveCount}`);
        if (tries.length <= 2) throw new Error("not now");
      },
      { onTrouble: ({ doing, afterMs }) => troubles.push(`${doing} ${afterMs}`) },
    );
    expect(tries).toEqual(["1/1", "1/2", "1/3", "2/1"]);
    expect(handled.map(textOf)).toEqual(["1", "2"]);
    expect(troubles).toEqual(["handle 1000", "handle 2000"]);
  });

  it("keeps a message that takes longer than its visibility from others", async () => {
    await send(published("slow", 1));
    let others = 0;
    await poll(
      1,
      async () => {
        for (const end = Date.now() + 2_500; Date.now() < end; ) {
          const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 0 });
          others += (await client.send(receive)).Messages?.length ?? 0;
          await sleep(100);
        }
      },
      // It must not take the message again itself.
      { visibilitySeconds: 1, concurrency: 1, inHandMax: 1 },
    );
    expect(others).toBe(0);
    expect(await left()).toEqual({ waiting: 0, inFlight: 0 });
  });

  it("does not hand over twice what it could not keep", async () => {
    const forgetful = new SQSClient({ endpoint: server.address, region, credentials });
    forgetful.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "ChangeMessageVisibilityBatchCommand") throw new Error("not today");
          return next(args);
        },
      { step: "initialize" },
    );
    await send(published("slow", 1));
    let tries = 0;
    await poll(
      1,
      async () => {
        tries += 1;
        await sleep(2_500);
      },
      { client: forgetful, visibilitySeconds: 1 },
    );
    expect(tries).toBe(1);
    // Deleted with the newest handle, the only one that still works.
    expect(await left()).toEqual({ waiting: 0, inFlight: 0 });
    forgetful.destroy();
  });

  it("waits after an unclean start for what the dead process had in hand", async () => {
    await send(published("1", 100));
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 1 });
    const lost = await client.send(receive);
    expect(lost.Messages).toHaveLength(1);
    await send(published("2", 200));
    const handled = await poll(2, undefined, { unclean: true, visibilitySeconds: 1 });
    expect(handled.map(textOf)).toEqual(["1", "2"]);
  });

  it("settles what it handed over, and gives the rest back at once", async () => {
    await send(published("1", 1), published("2", 2), published("3", 3));
    const done: string[] = [];
    const stop = new AbortController();
    await sqsPoller({
      client,
      queueUrl,
      signal: stop.signal,
      placeOf: textPlace,
      waitSeconds: 1,
      onMessage: async (message) => {
        stop.abort();
        await sleep(200);
        done.push(textOf(message));
      },
    });
    expect(done).toEqual(["1"]);
    expect(await left()).toEqual({ waiting: 2, inFlight: 0 });
  });

  it("stops at once while it waits for messages", async () => {
    const begun = Date.now();
    await sqsPoller({
      client,
      queueUrl,
      signal: AbortSignal.timeout(100),
      waitSeconds: 20,
      onMessage: async () => {},
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it("survives a queue that is away, tells of it, and goes on", async () => {
    const port = server.port;
    const away = new SQSClient({ endpoint: server.address, region, credentials, maxAttempts: 1 });
    const troubles: { doing: string; afterMs?: number | undefined }[] = [];
    await server.stop();
    const revive = sleep(1_000).then(async () => {
      server = await startFauxqs({ port, logger: false });
      const named = new CreateQueueCommand({ QueueName: `inbound-${queues}` });
      await away.send(named);
      await away.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: published("back", 1) }),
      );
    });
    const handled = await poll(1, undefined, {
      client: away,
      onTrouble: (trouble) => troubles.push(trouble),
      concurrency: 1,
    });
    await revive;
    expect(handled.map(textOf)).toEqual(["back"]);
    expect(troubles.length).toBeGreaterThan(1);
    expect(troubles.length).toBeLessThan(20);
    expect(troubles[0]).toMatchObject({ doing: "receive", afterMs: 100 });
    expect(troubles[1]).toMatchObject({ doing: "receive", afterMs: 200 });
  });
});
