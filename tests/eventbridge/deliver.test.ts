import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { deliverBatch, eventBridge, eventFrom } from "@holdline/eventbridge";
import type { Event } from "@holdline/events";
import type { Verdict } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { ownBus } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";
import { arriving } from "../support/make.ts";

const aws = emulator();
const ack: Verdict = { verdict: "ack" };

const said = (key: string, seq: number): Event =>
  arriving(
    { type: "message.received", version: 1, key, data: { conversationId: key } },
    { position: { stream: `ingest/message/${key}`, seq } },
  );
const record = (event: unknown, messageId: string, also = {}) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body:
    typeof event === "string"
      ? event
      : JSON.stringify({ source: "holdline", detail: event, ...also }),
});
const surroundings = (again: [string, number][] = [], remaining = 10_000) => ({
  comeAgain: async ({ messageId }: { messageId: string }, afterMs: number) => {
    again.push([messageId, afterMs]);
  },
  remainingMs: () => remaining,
});

describe("an event as EventBridge brings it", () => {
  it("is marked when an archive replays it", () => {
    const event = said("a", 0);
    expect(eventFrom(record(event, "1").body)).toEqual(event);
    const replayed = record(event, "1", { "replay-name": "r" });
    expect(eventFrom(replayed.body)).toEqual({ ...event, replay: true });
  });

  it("is handed on as it came when it can't be read", () => {
    expect(eventFrom("not JSON {")).toBe("not JSON {");
    expect(eventFrom('"text"')).toBe("text");
    expect(eventFrom("null")).toBe("null");
    expect(eventFrom('{"detail":"x"}')).toEqual({ detail: "x" });
  });
});

describe("a batch that Lambda's poller brings", () => {
  it("is delivered conversation by conversation, each by its numbers", async () => {
    const seen: string[] = [];
    const records = [said("a", 2), said("b", 0), said("a", 0), said("a", 1)].map((event, n) =>
      record(event, `${n}`),
    );
    const answer = await deliverBatch(
      records,
      async (raw) => {
        const { key, position } = raw as Event;
        seen.push(`${key}${position.seq}`);
        return ack;
      },
      surroundings(),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen.filter((one) => one.startsWith("a"))).toEqual(["a0", "a1", "a2"]);
  });

  it("reports alone what must come again, and says when", async () => {
    const again: [string, number][] = [];
    const answer = await deliverBatch(
      [record(said("a", 0), "1"), record(said("b", 0), "2"), record("not JSON {", "3")],
      async (raw) => ((raw as Event).key === "b" ? { verdict: "retry", afterMs: 30_000 } : ack),
      surroundings(again),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(again).toEqual([["2", 30_000]]);
  });

  it("sits out a short wait while there is time for it, and no longer", async () => {
    let times = 0;
    const twice = async (): Promise<Verdict> =>
      ++times < 3 ? { verdict: "retry", afterMs: 1 } : ack;
    expect(await deliverBatch([record(said("a", 0), "1")], twice, surroundings())).toEqual({
      batchItemFailures: [],
    });
    times = 0;
    const short = await deliverBatch([record(said("a", 0), "1")], twice, surroundings([], 3_000));
    expect(short.batchItemFailures).toHaveLength(1);
  });

  it("reports it all the same when SQS can't be told when", async () => {
    const answer = await deliverBatch(
      [record(said("a", 0), "1")],
      async () => ({ verdict: "retry", afterMs: 30_000 }),
      { comeAgain: () => Promise.reject(new Error("no")), remainingMs: () => 10_000 },
    );
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
  });
});

describe("a queue of EventBridge's", () => {
  it("keeps what must come again until then, and gives back what was not begun", async () => {
    const bus = await ownBus(aws.the, { reader: ["message"] });
    const transport = eventBridge({ ...bus, client: bus.eventBridge });
    await transport.publish([said("a", 0), said("b", 0)]);
    const stop = new AbortController();
    await transport.consume(
      { name: "reader", topics: ["message"] },
      async (raw) => {
        if ((raw as Event).key === "b") stop.abort();
        return (raw as Event).key === "a" ? { verdict: "retry", afterMs: 60_000 } : ack;
      },
      stop.signal,
    );
    const receive = {
      QueueUrl: bus.queueUrl("reader"),
      WaitTimeSeconds: 1,
      MaxNumberOfMessages: 10,
    };
    const { Messages = [] } = await bus.sqs.send(new ReceiveMessageCommand(receive));
    expect(Messages.map(({ Body = "" }) => (eventFrom(Body) as Event).key)).not.toContain("b");
    expect(Messages).toEqual([]);
  });
});
