import { ContactWanted, type Draft, ReminderDue } from "@holdline/events";
import { later } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { classify } from "../../../services/classify.ts";
import {
  about,
  accepted,
  botStumped,
  classified,
  contactRefused,
  deadLettered,
  ends,
  moved,
  opened,
  queued,
  reminded,
  replies,
  texts,
  waiting,
  withAgent,
} from "../../support/conversation.ts";
import { knowing, wording } from "../../support/settings.ts";
import { told } from "../../support/told.ts";

const tell = (...facts: readonly Draft[]) => told(classify, knowing(), ...facts);
const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, n)).toISOString();
const place = (position: number, time: string) => wording("place", { position, time });
const notice = (name: Parameters<typeof wording>[0], inReplyTo: string) =>
  replies("notice", wording(name), inReplyTo);

describe("classify, on the place in line", () => {
  it("answers YES with the first marker", async () => {
    const { said } = await tell(...accepted, opened(), queued());
    expect(said).toEqual([replies("notice", place(3, "about 15 min"), "e-3")]);
  });

  it("answers YES once: later markers are silent", async () => {
    expect((await tell(...waiting, moved({ position: 2 }))).said).toEqual([]);
    expect((await tell(...waiting, reminded("yes-unanswered", "m:YES"))).said).toEqual([]);
  });

  it("answers YES without a place when no marker came in time", async () => {
    const { said } = await tell(...accepted, opened(), reminded("yes-unanswered", "m:YES"));
    expect(said).toEqual([notice("waiting", "e-3")]);
    expect((await tell(...accepted, reminded("yes-unanswered", "m:other"))).said).toEqual([]);
  });

  it("answers YES by the agent who joined before any marker", async () => {
    const joined = (await tell(...withAgent.filter(({ type }) => type !== "chat.queued"))).state;
    expect(joined.yesUnanswered).toBeNull();
  });

  it("answers WAIT from the last marker, in place of the bot", async () => {
    const { said } = await tell(...waiting, moved({ position: 1, size: 8 }), texts("Wait?"));
    expect(said).toEqual([
      classified("Wait?", "nobody", "place-asked", "k-1"),
      replies("notice", place(1, "about 8 min"), "m:Wait?"),
    ]);
  });

  it("answers WAIT honestly while no marker told anything", async () => {
    const { said } = await tell(...accepted, texts("wait"));
    expect(said).toEqual([
      classified("wait", "nobody", "place-asked"),
      notice("waiting", "m:wait"),
    ]);
  });

  it("lets WAIT go to the agent who is there", async () => {
    const { said } = await tell(...withAgent, texts("wait"));
    expect(said).toEqual([classified("wait", "agent", "with-agent", "k-1")]);
  });

  it.each([
    { marker: { position: 3, size: 12, oldestSeconds: 60 }, words: place(3, "a moment") },
    { marker: { position: 6, size: 12, oldestSeconds: 600 }, words: place(6, "about 5 min") },
    { marker: { position: 12, size: 12, oldestSeconds: 7_200 }, words: place(12, "about 2 h") },
    { marker: { position: null, size: 4, oldestSeconds: 1_200 }, words: place(4, "about 20 min") },
    { marker: { position: 9, size: null, oldestSeconds: 1_200 }, words: place(9, "about 20 min") },
    {
      marker: { position: 2, size: 4, oldestSeconds: null },
      words: wording("placeOnly", { position: 2 }),
    },
    { marker: { position: null, size: null, oldestSeconds: null }, words: wording("waiting") },
  ])("makes of a marker with %o words that promise no more than it", async ({ marker, words }) => {
    const { said } = await tell(...accepted, queued(marker));
    expect(said).toEqual([replies("notice", words, "e-2")]);
  });

  it.each([
    { state: "CLOSED", name: "closed" },
    { state: "FULL", name: "full" },
    { state: "ABANDONED", name: "abandoned" },
  ] as const)("says it once when the queue is $state, and nothing more at the end", async (row) => {
    const told = await tell(...accepted, opened(), moved({ state: row.state }));
    expect(told.said).toEqual([notice(row.name, "e-3")]);
    const twice = [...accepted, opened(), moved({ state: row.state }), moved({ state: row.state })];
    expect((await tell(...twice)).said).toEqual([]);
    expect((await tell(...twice, texts("WAIT"))).said[1]).toEqual(notice(row.name, "m:WAIT"));
    expect((await tell(...twice, ends())).said).toEqual([]);
    expect((await tell(...twice, ends(), texts("hi"))).said[1]?.type).toBe("contact.wanted");
  });

  it("tells of a queue that closed while the customer was in line", async () => {
    const { said } = await tell(...waiting, moved({ state: "CLOSED" }));
    expect(said).toEqual([notice("closed", "e-4")]);
  });
});

describe("classify, on a chat that would not open", () => {
  const opening = { messageId: "m:hello", text: "hello" };
  const texted = [texts("hello"), texts("yes")];

  it("tries again later, says so once, and keeps the text and the place", async () => {
    const { said, state } = await tell(...texted, contactRefused({ opening }));
    expect(said).toEqual([
      notice("tryingAgain", "e-2"),
      later(ReminderDue({ ...about, about: "contact-retry", token: "0" }), second(2), 300_000),
    ]);
    expect(state.contact).toMatchObject({ status: "none", opening });
    const again = await tell(...texted, contactRefused({ opening, nth: 3 }));
    expect(again.said.map(({ type }) => type)).toEqual(["reminder.due"]);
  });

  it("wants it again with the same text and the seconds the caller waited", async () => {
    const refused = [...accepted, contactRefused(), reminded("contact-retry", "0")];
    const wanted = { ...about, secondsWaited: 7_500, language: "en-US", nth: 1 };
    expect((await tell(...refused)).said).toEqual([ContactWanted({ ...wanted, opening: null })]);
    const withText = [...texted, contactRefused({ opening }), reminded("contact-retry", "0")];
    expect((await tell(...withText)).said).toMatchObject([{ data: { opening, nth: 1 } }]);
  });

  it("wants it at once when the customer writes meanwhile, with both texts, and forgets the later try", async () => {
    const meanwhile = [...texted, contactRefused({ opening }), texts("anybody?")];
    const { said } = await tell(...meanwhile);
    expect(said[0]).toEqual(classified("anybody?", "bot", "waiting"));
    expect(said[1]).toMatchObject({
      data: { opening: { messageId: "m:hello", text: "hello\nanybody?" }, nth: 0 },
    });
    expect((await tell(...meanwhile, reminded("contact-retry", "0"))).said).toEqual([]);
  });

  it("says so when it is of no use to try again", async () => {
    const never = await tell(...texted, contactRefused({ willRetry: false }));
    expect(never.said).toEqual([notice("notOpened", "e-2")]);
    const enough = await tell(...texted, contactRefused({ nth: 24 }));
    expect(enough.said).toEqual([notice("notOpened", "e-2")]);
  });

  it("does not stay silent when the relay gave up on opening it, and opens one for the next text", async () => {
    const wanted = ContactWanted({
      ...{ ...about, opening, secondsWaited: 0, language: "en-US", nth: 0 },
    });
    const dead = [...texted, deadLettered("connect-relay", wanted)];
    expect((await tell(...dead)).said).toEqual([notice("notOpened", "e-2")]);
    const next = await tell(...dead, texts("again"));
    expect(next.said[1]).toMatchObject({ data: { opening: { text: "hello\nagain" } } });
    const redriven = await tell(...dead, opened());
    expect(redriven.state.contact).toMatchObject({ status: "open", id: "k-1" });
  });
});

describe("classify, on the bot's silence", () => {
  it("is honest when the bot does not know, and offers to wait for the agent", async () => {
    const { said } = await tell(...waiting, texts("why?"), botStumped("why?"));
    expect(said).toEqual([replies("conversation", wording("stumped"), "m:why?")]);
    expect(wording("stumped")).toMatch(/don't know.*agent.*WAIT/s);
  });

  it("does not leave the customer without a word when the bot could not be asked", async () => {
    const question = classified("why?", "bot", "waiting", "k-1");
    const { said } = await tell(...waiting, texts("why?"), deadLettered("bot-reply", question));
    expect(said).toEqual([replies("conversation", wording("stumped"), "e-5")]);
  });

  it("asks for other words when the relay gave up on a text", async () => {
    const text = classified("hi", "agent", "with-agent", "k-1");
    const { said } = await tell(...withAgent, deadLettered("connect-relay", text));
    expect(said).toEqual([notice("notRelayed", "e-5")]);
  });

  it("says nothing of a dead letter that is none of the customer's", async () => {
    const receipt = deadLettered("receipts", classified("x", "nobody", "help"));
    expect((await tell(...waiting, receipt)).said).toEqual([]);
  });
});

describe("classify, on a long silence", () => {
  const hours = (n: number) => new Date(Date.UTC(2026, 0, 1, 12 + n)).toISOString();
  const due = (time: string) => ({
    ...{ ...reminded("idle-close", "k-1"), id: "r-1", time, cause: null, heard: {}, effects: [] },
    ...{ position: { stream: "later.classify/reminder/c-1", seq: 0 }, replay: false },
  });

  it("is set to close the chat once it is open", async () => {
    const { said } = await tell(...accepted, opened());
    const reminder = ReminderDue({ ...about, about: "idle-close", token: "k-1" });
    expect(said).toEqual([later(reminder, second(2), 12 * 3_600_000)]);
  });

  it("closes the chat, and the next text opens another", async () => {
    const { said, state } = await tell(...waiting, due(hours(13)));
    expect(said).toMatchObject([
      { type: "message.classified", data: { route: "nobody", reason: "idle", contactId: "k-1" } },
      { type: "reply.drafted", data: { text: wording("idle") } },
    ]);
    expect(state.contact.status).toBe("none");
    expect((await tell(...waiting, due(hours(13)), ends())).said).toEqual([]);
  });

  it("waits on when somebody said something since", async () => {
    const { said } = await tell(...waiting, due(hours(5)));
    const reminder = ReminderDue({ ...about, about: "idle-close", token: "k-1" });
    expect(said).toEqual([later(reminder, second(1), 12 * 3_600_000)]);
  });

  it("leaves a chat alone that came after the one it was set for", async () => {
    const { said } = await tell(...waiting, ends(), texts("hi"), opened("k-2"), due(hours(20)));
    expect(said).toEqual([]);
  });
});
