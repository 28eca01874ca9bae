import {
  ChatMoved,
  ContactWanted,
  Envelope,
  event,
  InboundArrived,
  lineOf,
  MessageReceived,
  ReplyDrafted,
  topicOf,
} from "@holdline/events";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { arriving } from "../support/make.ts";

const Said = event("test.said", { text: z.string(), note: z.string().optional() });
const SaidBetter = event(
  "test.said",
  { text: z.string(), language: z.string() },
  { after: Said, upcast: ({ note: _, ...old }) => ({ ...old, language: "en" }) },
);
const SaidBest = event(
  "test.said",
  { words: z.array(z.string()), language: z.string() },
  { after: SaidBetter, upcast: ({ text, ...old }) => ({ ...old, words: text.split(" ") }) },
);
const said = Said({ conversationId: "c-1", text: "hello" });

describe("a draft", () => {
  it("is the fact alone, in its conversation", () => {
    expect(said).toEqual({
      type: "test.said",
      version: 1,
      key: "c-1",
      data: { conversationId: "c-1", text: "hello" },
    });
  });

  it("is checked when it is made", () => {
    expect(() => Said({ conversationId: "c-1", text: 7 as unknown as string })).toThrow();
    expect(() => Said({ conversationId: "", text: "x" })).toThrow();
  });

  it("leaves out what was not declared", () => {
    const more = { conversationId: "c-1", text: "hello", secret: "x" };
    expect(Said(more)).toEqual(said);
  });
});

describe("an event that arrives", () => {
  it("may bring more than this version knows: that is how newer ones are read", () => {
    const newer = {
      ...arriving(said),
      signature: "x",
      data: { ...said.data, mood: "good" },
      position: { ...arriving(said).position, shard: 3 },
    };
    expect(Said.parse(newer)).toEqual(arriving(said));
  });

  it.each([
    ["another type", { type: "test.heard" }],
    ["another version", { version: 2 }],
    ["data that does not fit", { data: { conversationId: "c-1" } }],
    ["no data", { data: undefined }],
    ["no place", { position: undefined }],
    ["a place before the first", { position: { stream: "a/test/c-1", seq: -1 } }],
    ["half a place", { position: { stream: "a/test", seq: 0 } }],
    ["a number between two", { position: { stream: "a/test/c-1", seq: 0.5 } }],
    ["no id", { id: "" }],
    ["no key", { key: "" }],
    ["no word on whether it is replayed", { replay: undefined }],
    ["effects without an outcome", { effects: [{ name: "send" }] }],
    ["cursors that are no numbers", { heard: { "a/test": "3" } }],
  ])("is refused with %s", (_, wrong) => {
    const raw = JSON.parse(JSON.stringify({ ...arriving(said), ...wrong }));
    expect(() => Said.parse(raw)).toThrow();
  });

  it.each([["text"], [7], [null], [undefined], [[]]])("is refused when it is %j", (raw) => {
    expect(() => Said.parse(raw)).toThrow();
    expect(Envelope.safeParse(raw).success).toBe(false);
  });

  it("can be placed without being understood", () => {
    const strange = { ...arriving(said), type: "nobody.knows", version: 9, data: [1, 2] };
    expect(Envelope.parse(strange)).toMatchObject({ type: "nobody.knows", data: [1, 2] });
  });

  it("keeps its addressee", () => {
    expect(Said.parse({ ...arriving(said), only: "classify" }).only).toBe("classify");
  });

  it("is read by the version it was said in", () => {
    const better = SaidBetter({ conversationId: "c-1", text: "hello", language: "en" });
    expect(SaidBetter.parse(arriving(better)).version).toBe(2);
    expect(() => Said.parse(arriving(better))).toThrow();
  });

  it("of an earlier version is read as the version that is asked for, step by step", () => {
    expect([Said, SaidBetter, SaidBest].map(({ version }) => version)).toEqual([1, 2, 3]);
    const old = arriving(Said({ conversationId: "c-1", text: "good morning", note: "x" }));
    const best = { conversationId: "c-1", words: ["good", "morning"], language: "en" };
    expect(SaidBest.parse(old)).toEqual({ ...old, version: 3, data: best });
    expect(SaidBetter.parse(old)).toMatchObject({ id: old.id, position: old.position, version: 2 });
  });

  it("of an earlier version must be one of that version", () => {
    const old = arriving(said);
    expect(() => SaidBest.parse({ ...old, data: { conversationId: "c-1" } })).toThrow();
    expect(() => SaidBest.parse({ ...old, version: 0 })).toThrow();
    expect(() => SaidBest.parse({ ...old, type: "test.heard" })).toThrow();
    expect(() => SaidBest.parse({ ...old, version: "1" })).toThrow();
  });

  it("must come out of an upcast as what the new version is", () => {
    const Wrong = event(
      "test.said",
      { text: z.string().max(3) },
      { after: Said, upcast: ({ note: _, ...old }) => old },
    );
    expect(() => Wrong.parse(arriving(said))).toThrow();
  });
});

describe("names", () => {
  it("begin with the topic", () => {
    expect(topicOf("message.handed-over")).toBe("message");
  });

  it("of a stream tell producer and topic without the key, whatever the key", () => {
    expect(lineOf("classify/message/c-1")).toBe("classify/message");
    expect(lineOf("later.classify/reminder/a/b/c")).toBe("later.classify/reminder");
  });
});

describe("the shapes of the field", () => {
  const parties = { conversationId: "c", channel: "sms-aws", business: "+1", customer: "+2" };
  const arrived = {
    ...{ conversationId: "c", channel: "sms-aws", raw: "{}", carrierId: "1" },
    carrierTime: "2026-01-01T00:00:00.000Z",
    arrivedAt: "2026-01-01T00:00:00.000Z",
  };
  const marker = {
    ...{ conversationId: "c", contactId: "1", itemId: "2", at: "2026-01-01T00:00:00.000Z" },
    ...({ queue: null, state: "WAITING", size: 0, oldestSeconds: 0, position: 1 } as const),
  };

  it("take a carrier's body of 64 KB, and no more", () => {
    expect(() => InboundArrived({ ...arrived, raw: "x".repeat(65_536) })).not.toThrow();
    expect(() => InboundArrived({ ...arrived, raw: "x".repeat(65_537) })).toThrow();
  });

  it.each(["2026-01-01T00:00:00Z", "2026-01-01", "1767225600000", "2026-01-01T00:00:00.000+01:00"])(
    "take times with milliseconds in UTC, and not %s",
    (time) => {
      expect(() => InboundArrived({ ...arrived, carrierTime: time })).toThrow();
    },
  );

  it("count places in a queue from 1", () => {
    expect(() => ChatMoved(marker)).not.toThrow();
    expect(() => ChatMoved({ ...marker, position: 0 })).toThrow();
  });

  it("know no reply without words", () => {
    const reply = { conversationId: "c", channel: "sms-aws", from: "+1", to: "+2", text: "" };
    expect(() =>
      ReplyDrafted({ ...reply, speaker: "bot", kind: "conversation", inReplyTo: null }),
    ).toThrow();
  });

  it("want to know which channel, by its folder's name", () => {
    const text = { messageId: "1", text: "", sentAt: arrived.arrivedAt, attachments: [] };
    expect(() => MessageReceived({ ...parties, ...text })).not.toThrow();
    expect(() => MessageReceived({ ...parties, ...text, channel: "SMS AWS" })).toThrow();
  });

  it("take a contact without a text to open with", () => {
    const wanted = { ...parties, opening: null, secondsWaited: 0, language: "en-US", nth: 0 };
    expect(() => ContactWanted(wanted)).not.toThrow();
    expect(() => ContactWanted({ ...wanted, secondsWaited: -1 })).toThrow();
  });
});
