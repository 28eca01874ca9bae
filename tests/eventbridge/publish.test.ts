import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { publisher } from "@holdline/eventbridge";
import type { Event } from "@holdline/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { scriptedHttp } from "../contracts/scripted-http.ts";
import { arriving } from "../support/make.ts";

const said = (seq: number, text = "hello"): Event =>
  arriving(
    { type: "message.received", version: 1, key: "c-1", data: { conversationId: "c-1", text } },
    { position: { stream: "ingest/message/c-1", seq } },
  );
const many = (count: number, text?: string) =>
  Array.from({ length: count }, (_, n) => said(n, text));

/** A bus that answers each request by a function of its entries. */
async function bus(answer: (seqs: readonly number[]) => readonly (string | undefined)[]) {
  const http = await scriptedHttp();
  const requests: { readonly seqs: number[]; readonly bytes: number }[] = [];
  const client = new EventBridgeClient({
    endpoint: http.endpoint,
    region: "us-west-2",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  // Answers are made from the request itself, before it leaves the client.
  client.middlewareStack.add(
    (next) => async (args) => {
      const entries = (args.input as { Entries: { Detail: string }[] }).Entries;
      const seqs = entries.map(({ Detail }) => (JSON.parse(Detail) as Event).position.seq);
      const bytes = entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0);
      requests.push({ seqs, bytes });
      const codes = answer(seqs);
      const Entries = codes.map((code) => (code ? { ErrorCode: code } : { EventId: "e" }));
      http.answer({
        status: 200,
        body: JSON.stringify({ FailedEntryCount: codes.filter(Boolean).length, Entries }),
      });
      return next(args);
    },
    { step: "initialize" },
  );
  onTestFinished(async () => {
    client.destroy();
    await http.close();
  });
  const publish = publisher({ client, busName: "b", backoffMs: 1 });
  return { publish, requests };
}

const fine = (seqs: readonly number[]) => seqs.map(() => undefined);

describe("publishing on EventBridge", () => {
  it("fills requests by count, in order", async () => {
    const { publish, requests } = await bus(fine);
    await publish(many(23));
    expect(requests.map(({ seqs }) => seqs.length)).toEqual([10, 10, 3]);
    expect(requests.flatMap(({ seqs }) => seqs)).toEqual(many(23).map((_, n) => n));
  });

  it("fills requests by bytes of UTF-8", async () => {
    const { publish, requests } = await bus(fine);
    await publish(many(7, "ü€".repeat(20_000)));
    expect(requests.flatMap(({ seqs }) => seqs)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { bytes } of requests) expect(bytes).toBeLessThan(256 * 1_024);
    expect(requests.map(({ seqs }) => seqs.length)).toEqual([2, 2, 2, 1]);
  });

  it("sends again only what was refused for the moment, by its place", async () => {
    let first = true;
    const { publish, requests } = await bus((seqs) => {
      const refused = first
        ? seqs.map((n) => (n % 3 === 1 ? "ThrottlingException" : undefined))
        : fine(seqs);
      first = false;
      return refused;
    });
    await publish(many(8));
    expect(requests.map(({ seqs }) => seqs)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [1, 4, 7],
    ]);
  });

  it("rejects when an event is refused for good, or for too long", async () => {
    const denied = await bus((seqs) => seqs.map(() => "AccessDeniedException"));
    await expect(denied.publish(many(1))).rejects.toThrow(/AccessDeniedException/);
    expect(denied.requests).toHaveLength(1);
    const busy = await bus((seqs) => seqs.map(() => "InternalFailure"));
    await expect(busy.publish(many(2))).rejects.toThrow(/2 events in 6 attempts/);
    expect(busy.requests).toHaveLength(6);
  });

  it("refuses an event no request can hold, by its type, before it sends any", async () => {
    const { publish, requests } = await bus(fine);
    await expect(publish([said(0), said(1, "x".repeat(270_000))])).rejects.toThrow(
      /message.received has 27\d+ bytes/,
    );
    expect(requests).toEqual([]);
  });
});
