import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateArchiveCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { archiveReplay, capturePattern, publisher } from "@holdline/eventbridge";
import type { Event } from "@holdline/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeQueue } from "../../services/aws-emulated/provision.ts";
import { ownBus } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";
import { arriving } from "../support/make.ts";

const aws = emulator();

const said = (key: string, seq: number): Event =>
  arriving(
    { type: "message.received", version: 1, key, data: { conversationId: key, text: `${seq} ✓` } },
    { position: { stream: `ingest/message/${key}`, seq } },
  );
const events = Array.from({ length: 23 }, (_, n) => said("c-1", n));

const hour = 3_600_000;
const range = () => ({ since: new Date(Date.now() - hour), until: new Date(Date.now() + hour) });
const patient = { lookEveryMs: 100, waitSeconds: 0 };

/** A bus with a live subscriber, an archive, and a debugging environment's rule and queue. */
async function debugged() {
  const bus = await ownBus(aws.the, { live: ["message"] });
  const { eventBridge, sqs, busName } = bus;
  const { Arn: busArn = "" } = await eventBridge.send(
    new DescribeEventBusCommand({ Name: busName }),
  );
  const { ArchiveArn: archiveArn = "" } = await eventBridge.send(
    new CreateArchiveCommand({ ArchiveName: busName, EventSourceArn: busArn }),
  );
  const { url: queueUrl, arn } = await makeQueue(sqs, `${busName}-capture`);
  const rule = { Name: `${busName}-capture`, EventBusName: busName };
  const { RuleArn: ruleArn = "" } = await eventBridge.send(
    new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(capturePattern) }),
  );
  await eventBridge.send(
    new PutTargetsCommand({
      Rule: rule.Name,
      EventBusName: busName,
      Targets: [{ Id: "q", Arn: arn }],
    }),
  );
  return { ...bus, archiveArn, ruleArn, captureUrl: queueUrl };
}

async function waitingIn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  let found = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
    );
    if (Messages.length === 0) return found;
    found += Messages.length;
  }
}

describe("a replay of the bus's archive", () => {
  it("brings what was published to whoever captures it, and to nobody else", async () => {
    const { eventBridge, sqs, busName, archiveArn, ruleArn, captureUrl, queueUrl } =
      await debugged();
    await publisher({ client: eventBridge, busName })(events);
    expect(await waitingIn(sqs, queueUrl("live"))).toBe(events.length);
    const states: string[] = [];
    const bodies: string[] = [];
    const replay = archiveReplay({
      ...{ eventBridge, sqs, archiveArn, ruleArn, queueUrl: captureUrl, ...range(), ...patient },
      name: `replay-${busName}`,
      onState: (state) => states.push(state),
    });
    for await (const page of replay) bodies.push(...page.bodies);
    expect(bodies.sort()).toEqual(events.map((event) => JSON.stringify(event)).sort());
    expect(states.at(-1)).toBe("COMPLETED");
    expect(await waitingIn(sqs, queueUrl("live"))).toBe(0);
    expect(await waitingIn(sqs, captureUrl)).toBe(0);
  });

  it("drops what another replay left in the queue", async () => {
    const { eventBridge, sqs, busName, archiveArn, ruleArn, captureUrl } = await debugged();
    await publisher({ client: eventBridge, busName })(events.slice(0, 3));
    const parts = { eventBridge, sqs, archiveArn, ruleArn, queueUrl: captureUrl, ...range() };
    const abandoned = archiveReplay({ ...parts, ...patient, name: `first-${busName}` });
    await abandoned.next();
    await abandoned.return(undefined);
    const bodies: string[] = [];
    for await (const page of archiveReplay({ ...parts, ...patient, name: `second-${busName}` }))
      bodies.push(...page.bodies);
    expect(new Set(bodies).size).toBe(3);
  });
});

type Call = { readonly operation: string; readonly input: Record<string, unknown> };

/** EventBridge and SQS as far as a replay asks them, with answers that an emulator does not give. */
async function scripted(answer: (call: Call, calls: readonly Call[]) => object) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const call = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) };
    calls.push(call);
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer(call, calls)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const place = { endpoint, credentials, region: "us-west-2" };
  return {
    calls,
    parts: {
      eventBridge: new EventBridgeClient(place),
      sqs: new SQSClient(place),
      archiveArn: "arn:aws:events:us-west-2:111122223333:archive/kept",
      ruleArn: "arn:aws:events:us-west-2:111122223333:rule/holdline/capture",
      queueUrl: `${endpoint}/111122223333/capture`,
      name: "mine",
      since: new Date("2026-03-01T08:00:00Z"),
      until: new Date("2026-03-01T09:00:00Z"),
      ...patient,
    },
  };
}

const busArn = "arn:aws:events:us-west-2:111122223333:event-bus/holdline";
function message(event: Event, name = "mine") {
  const Body = JSON.stringify({ "detail-type": event.type, detail: event, "replay-name": name });
  const MD5OfBody = createHash("md5").update(Body).digest("hex");
  return { MessageId: event.id, ReceiptHandle: `r-${event.id}`, Body, MD5OfBody };
}

describe("a replay, as EventBridge is asked for it", () => {
  it("goes to the source bus and names the one rule that may see it", async () => {
    const { calls, parts } = await scripted(({ operation }) => {
      if (operation === "DescribeArchive") return { EventSourceArn: busArn };
      return operation === "DescribeReplay" ? { State: "COMPLETED" } : {};
    });
    for await (const _ of archiveReplay(parts)) expect.unreachable();
    expect(calls.find(({ operation }) => operation === "StartReplay")?.input).toMatchObject({
      ReplayName: "mine",
      EventSourceArn: parts.archiveArn,
      EventStartTime: 1_772_352_000,
      EventEndTime: 1_772_355_600,
      Destination: { Arn: busArn, FilterArns: [parts.ruleArn] },
    });
    expect(calls.map(({ operation }) => operation)).not.toContain("CancelReplay");
  });

  it("is read on after it has ended, until the queue stays empty", async () => {
    let looks = 0;
    const { parts } = await scripted(({ operation }) => {
      if (operation === "DescribeArchive") return { EventSourceArn: busArn };
      if (operation === "DescribeReplay") return { State: "COMPLETED" };
      if (operation !== "ReceiveMessage") return {};
      // Nothing at first: EventBridge delivers later than it says that it has replayed.
      return ++looks === 9
        ? { Messages: [message(said("c-1", 0)), message(said("c-1", 1), "old")] }
        : {};
    });
    const bodies: string[] = [];
    for await (const page of archiveReplay(parts)) bodies.push(...page.bodies);
    expect(bodies).toEqual([JSON.stringify(said("c-1", 0))]);
  });

  it("says why when it fails", async () => {
    const { parts } = await scripted(({ operation }) => {
      if (operation === "DescribeArchive") return { EventSourceArn: busArn };
      return operation === "DescribeReplay"
        ? { State: "FAILED", StateReason: "the archive is gone" }
        : {};
    });
    await expect(archiveReplay(parts).next()).rejects.toThrow(/mine ended as FAILED: the archive/);
  });

  it("is cancelled when its reader stops", async () => {
    const stop = new AbortController();
    const { calls, parts } = await scripted(({ operation }) => {
      if (operation === "DescribeArchive") return { EventSourceArn: busArn };
      if (operation === "DescribeReplay") stop.abort(new Error("enough"));
      return operation === "DescribeReplay" ? { State: "RUNNING" } : {};
    });
    await expect(archiveReplay({ ...parts, signal: stop.signal }).next()).rejects.toThrow("enough");
    expect(calls.at(-1)).toMatchObject({
      operation: "CancelReplay",
      input: { ReplayName: "mine" },
    });
  });
});
