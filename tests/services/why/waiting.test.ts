import { ConsentAsked, ConsentGiven, type Event, ReminderDue } from "@holdline/events";
import { blankRecord, type Cursor, retried, turnOf } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { about, classified, offered, replies, texts } from "../../support/conversation.ts";
import { history, seen, stages, standing, stands } from "./given.ts";

/** A history with `count` drafts of classify's, which outbound-sms is to send. */
function drafts(count: number) {
  const told = history();
  for (let nth = 0; nth < count; nth++) told.said("classify", replies("notice", `${nth}`, null));
  return told.events;
}
const line = "classify/reply";
/** What `why` says of drafts where outbound-sms stands like this. */
const outbound = (
  events: readonly Event[],
  cursor: Cursor | undefined,
  heldUntil: number | null = null,
) =>
  seen(events, {
    standing: standing(events, {
      "outbound-sms": stands({ cursors: cursor ? { [line]: cursor } : {}, heldUntil }),
    }),
  });

describe("what waits", () => {
  it("is nothing where all was run", () => {
    expect(seen(drafts(2))).toMatchObject({ waiting: [], faults: [] });
    expect(outbound(drafts(2), { next: 2, passed: [] })).toMatchObject({ waiting: [], faults: [] });
  });

  it("is what a stage has in hand, and what is behind that", () => {
    const { waiting, faults } = outbound(drafts(2), undefined, Date.now());
    expect(waiting.map(({ says }) => says)).toEqual([
      "outbound-sms has it in hand: drafted: a notice",
      "outbound-sms has something before this: drafted: a notice",
    ]);
    expect(faults).toEqual([]);
  });

  it("is what nobody has begun", () => {
    expect(outbound(drafts(1), undefined).waiting[0]?.says).toContain("has yet to run it");
  });

  it("is what comes again and again; for which reason and how often is a fault", () => {
    const events = drafts(1);
    const at = Date.parse("2026-01-01T12:00:07.000Z");
    const position = { line, seq: 0 };
    const meet = (record = blankRecord) =>
      retried(record, position, { counts: true, code: "carrier-unreachable", now: at }) ?? record;
    const { faults, waiting } = outbound(events, meet(meet()).cursors[line]);
    expect(faults).toMatchObject([
      {
        ...{ code: "carrier-unreachable", goingOn: true, event: events[0]?.id },
        ...{ since: "2026-01-01T12:00:07.000Z", means: "the text surely did not leave" },
      },
    ]);
    expect(waiting[0]?.says).toContain("tries again: carrier-unreachable, 2 failed attempts");
  });

  it("is what comes again, too, where no history tells what it is", () => {
    const trouble = {
      seq: 3,
      code: "carrier-throttled",
      since: Date.parse("2026-01-01T12:00:07Z"),
    };
    const cursor = { next: 3, passed: [], attempts: { 3: 1 }, trouble };
    const says = "outbound-sms tries again: carrier-throttled, 1 failed attempt (classify/reply 3)";
    const { waiting, faults } = outbound([], cursor);
    expect(waiting).toMatchObject([{ says, event: null, since: "2026-01-01T12:00:07.000Z" }]);
    expect(faults).toMatchObject([{ says, code: "carrier-throttled", goingOn: true }]);
    expect(outbound(drafts(4), cursor).waiting).toHaveLength(1);
  });

  it("is no fault where it waits for a quota of ours", () => {
    const trouble = { seq: 0, code: "paced", since: 0 };
    const { faults, waiting } = outbound(drafts(1), { next: 0, passed: [], trouble });
    expect(faults).toEqual([]);
    expect(waiting[0]?.says).toContain("tries again: paced");
  });

  it("is an event that came before its predecessor, and names what is missing", () => {
    const [, ...events] = drafts(2);
    const now = Date.parse("2026-01-01T12:00:30.000Z");
    const turn = turnOf(blankRecord, { line, seq: 1 }, now, 60_000);
    if (turn.turn !== "early" || !turn.record) throw new Error("the gap was not noticed");
    expect(outbound(events, turn.record.cursors[line])).toMatchObject({
      waiting: [{ stage: "outbound-sms", since: "2026-01-01T12:00:30.000Z" }],
      faults: [{ code: "early", says: expect.stringContaining("waits for classify/reply 0") }],
    });
  });

  it("is an event that was passed over, and would be late", () => {
    const { waiting } = outbound(drafts(2), { next: 2, passed: [[0, 0]] });
    expect(waiting).toMatchObject([{ says: expect.stringContaining("runs it late") }]);
  });

  it("is an effect of which nobody knows what came", () => {
    const events = drafts(1);
    const token = `outbound-sms/${events[0]?.id}/send-0`;
    const begun = [{ token, begunAt: Date.parse("2026-01-01T12:00:01.000Z"), times: 1 }];
    const { waiting } = seen(events, {
      standing: standing(events, { "outbound-sms": stands({ begun }) }),
    });
    expect(waiting).toMatchObject([
      { says: expect.stringContaining("began an effect"), since: "2026-01-01T12:00:01.000Z" },
    ]);
  });

  it("is not what a stage does not hear, or what is for another stage alone", () => {
    const { events, said } = history();
    said("redrive", classified("when?", "bot", "waiting"), null, { only: "bot-reply" });
    const nobody = Object.fromEntries(stages.map(({ name }) => [name, stands()]));
    const { waiting } = seen(events, { standing: standing(events, nobody) });
    expect(waiting.map(({ stage }) => stage)).toEqual(["bot-reply"]);
    const both = seen([{ ...events[0], only: undefined } as Event], {
      standing: standing(events, nobody),
    });
    expect(both.waiting.map(({ stage }) => stage)).toEqual(["bot-reply", "connect-relay"]);
  });
});

describe("what is to be said later", () => {
  const { channel, business, customer, conversationId } = about;
  const words = { wording: "Reply YES", wordingVersion: "1", words: "" };
  const consent = { conversationId, channel, business, customer, ...words };
  const due = "2026-01-01T14:00:00.000Z";

  /** An offer, and the reminder of its end. */
  function offer() {
    const told = history();
    const offer = told.said("opt-in", offered());
    told.said("classify", ConsentAsked(consent), offer);
    const draft = ReminderDue({ ...about, about: "offer-expiry", token: offer.id });
    const ids = { id: "later-1", producer: "classify", cause: offer.id };
    return { ...told, offer, delayed: [{ ...ids, due, draft, heard: {}, effects: [] }] };
  }

  it("is told with its time", () => {
    const { events, offer: made, delayed } = offer();
    const { waiting } = seen(events, { standing: standing(events, {}, delayed) });
    expect(waiting).toMatchObject([{ stage: "classify", due, since: made.time, event: made.id }]);
  });

  it("is left out when what it was set for is over", () => {
    const { events, said, delayed } = offer();
    said("classify", ConsentGiven(consent));
    expect(seen(events, { standing: standing(events, {}, delayed) }).waiting).toEqual([]);
  });
});

describe("a history alone", () => {
  it("tells what it does not tell", () => {
    const { events, said } = history();
    const read = said("ingest", texts("when?"));
    said("classify", classified("when?", "bot", "waiting"), read);
    said("classify", replies("notice", "Hello.", null), read);
    const { faults, seen: by } = seen(events, { standing: undefined });
    expect(by).toBe("history");
    expect(faults.map(({ says }) => says)).toEqual([
      "this history does not tell what bot-reply made of message.classified",
      "this history does not tell what outbound-sms made of reply.drafted",
    ]);
  });
});
