import { conversationKey } from "@holdline/channels/reading";
import { type Event, EventDeadLettered, InboundArrived, ReplyDrafted } from "@holdline/events";
import { derivedId } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { arriving } from "../../support/make.ts";
import { desk } from "./desk.ts";

const business = "+12065550100";
const customer = "+14255550182";
const time = "2026-01-01T00:00:00.000Z";

type Desk = Awaited<ReturnType<typeof desk>>;

/** What the door said of a customer's text, in a pipeline with this secret. */
function arrived(secret: string, id = "in-1", raw?: string) {
  const key = conversationKey(secret, "sms-aws", business, customer);
  const body = {
    ...{ originationNumber: customer, destinationNumber: business },
    ...{ messageBody: "when are you open?", inboundMessageId: id },
  };
  const draft = InboundArrived({
    ...{ conversationId: key, channel: "sms-aws", raw: raw ?? JSON.stringify(body) },
    ...{ carrierId: id, carrierTime: time, arrivedAt: time },
  });
  const position = { stream: `sms-aws/inbound/${key}`, seq: 0 };
  return arriving(draft, { id: derivedId(`sms-aws/${id}`), position });
}

function letterOf(event: Event, stage: string, code = "bug") {
  const { stream, seq } = event.position;
  const about = { conversationId: event.key, stage, code, stack: null, event };
  return arriving(EventDeadLettered(about), {
    id: derivedId(derivedId(event.id, stream, seq), stage, EventDeadLettered.type, 0),
    cause: event.id,
    position: { stream: `${stage}/event/${event.key}`, seq: 0 },
  });
}

const drafted = (key: string) =>
  arriving(
    ReplyDrafted({
      ...{ conversationId: key, channel: "sms-aws", from: business, to: customer, text: "Hi" },
      ...{ speaker: "system", kind: "notice", inReplyTo: null },
    }),
    { id: "draft-1", position: { stream: `classify/reply/${key}`, seq: 0 } },
  );

const refed = async (the: Desk, event: unknown, query = "") =>
  (await the.post(`/refeed${query}`, event)).body;
const inbound = ({ log }: Desk) =>
  log.read(1, 100).filter(({ event }) => event.type === "inbound.arrived");

describe("refeeding what came in", () => {
  it("brings it through the door once, under the id it had", async () => {
    const the = await desk();
    const event = arrived(the.secret);
    expect(await refed(the, event, "?look=1")).toEqual({ refeed: true });
    expect(inbound(the)).toEqual([]);
    expect(await refed(the, event)).toEqual({ refeed: true });
    expect(inbound(the).map(({ event: { id, key, data } }) => ({ id, key, data }))).toMatchObject([
      { id: event.id, key: event.key, data: { raw: event.data.raw, carrierTime: time } },
    ]);
    expect(await refed(the, event)).toEqual({ refeed: false, why: "this pipeline has it already" });
    expect(inbound(the)).toHaveLength(1);
  });

  it("refuses it in a pipeline that names conversations by another secret", async () => {
    const the = await desk();
    const event = arrived("another secret of 32 characters!!");
    expect(await refed(the, event)).toMatchObject({ why: expect.stringContaining("secret") });
    expect(inbound(the)).toEqual([]);
  });
});

describe("refeeding a dead letter", () => {
  it("redrives it to the stage that gave up, and never twice", async () => {
    const the = await desk();
    const event = arrived(the.secret);
    const letter = letterOf(event, "ingest");
    await the.log.publish([event, letter]);
    expect(await refed(the, letter)).toEqual({ refeed: true });
    expect(inbound(the).map(({ event }) => event.only)).toEqual([undefined, "ingest"]);
    expect(await refed(the, letter)).toEqual({ refeed: false, why: "it was redriven already" });
    expect(inbound(the)).toHaveLength(2);
  });

  it("knows a redrive by the log, when the mark of the door is long forgotten", async () => {
    const the = await desk();
    const event = arrived(the.secret);
    const letter = letterOf(event, "ingest");
    const stream = `redrive/ingest/${event.key}`;
    await the.log.publish([
      event,
      letter,
      { ...event, only: "ingest", position: { stream, seq: 0 } },
    ]);
    expect(await refed(the, letter)).toMatchObject({ why: "it was redriven already" });
  });

  it("brings in what the first stage of another pipeline gave up on", async () => {
    const the = await desk();
    const event = arrived(the.secret);
    expect(await refed(the, letterOf(event, "ingest"))).toEqual({ refeed: true });
    expect(inbound(the).map(({ event: { id, only } }) => [id, only])).toEqual([
      [event.id, undefined],
    ]);
  });

  it("refuses what may have texted somebody", async () => {
    const the = await desk();
    const event = arrived(the.secret);
    const draft = drafted(event.key);
    await the.log.publish([event]);
    const elsewhere = letterOf(draft, "outbound-sms", "carrier-busy");
    expect(await refed(the, elsewhere)).toMatchObject({
      why: expect.stringContaining("another pipeline"),
    });
    const unsure = letterOf(draft, "outbound-sms", "unsure");
    await the.log.publish([draft, unsure]);
    expect(await refed(the, unsure)).toMatchObject({
      why: expect.stringContaining("nobody knows"),
    });
    const parted = { ...letterOf(draft, "outbound-sms", "carrier-busy"), id: "letter-0" };
    await the.log.publish([parted]);
    expect(await refed(the, parted)).toMatchObject({ why: expect.stringContaining("so old") });
    const sent = {
      ...letterOf(draft, "outbound-sms", "too-old"),
      position: { stream: `outbound-sms/event/${event.key}`, seq: 1 },
      id: "letter-2",
    };
    const reply = {
      ...draft,
      type: "reply.sent",
      cause: draft.id,
      id: "sent-1",
      position: { stream: `outbound-sms/reply/${event.key}`, seq: 0 },
    };
    await the.log.publish([sent, reply]);
    expect(await refed(the, sent)).toMatchObject({ why: "it was run since: reply.sent" });
    expect(the.log.read(1, 100).filter(({ event }) => event.only)).toEqual([]);
  });
});

describe("the door for what is refed", () => {
  it("takes nothing else", async () => {
    const the = await desk();
    const draft = drafted(arrived(the.secret).key);
    expect(await refed(the, draft)).toMatchObject({
      refeed: false,
      why: expect.stringMatching(/^only /),
    });
    expect(await refed(the, { hello: 1 })).toEqual({ refeed: false, why: "not an event" });
    expect(await refed(the, { ...arrived(the.secret), version: 9 })).toMatchObject({
      refeed: false,
    });
    expect((await the.post("/refeed", "not json")).status).toBe(400);
    const empty = arriving(
      EventDeadLettered({
        conversationId: "c-1",
        stage: "ingest",
        code: "bug",
        stack: null,
        event: 7,
      }),
    );
    expect(await refed(the, empty)).toMatchObject({ refeed: false });
    expect(the.log.end).toBe(1);
  });
});
