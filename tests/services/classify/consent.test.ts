import {
  ConsentAsked,
  ConsentDeclined,
  ConsentGiven,
  ContactWanted,
  type Draft,
  ReminderDue,
} from "@holdline/events";
import { derivedId, later } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { classify } from "../../../services/classify.ts";
import {
  about,
  accepted,
  classified,
  ends,
  joins,
  offered,
  opened,
  reminded,
  replies,
  sentAt,
  texts,
  waiting,
  withAgent,
} from "../../support/conversation.ts";
import { knowing, wording } from "../../support/settings.ts";
import { told } from "../../support/told.ts";

const tell = (...facts: readonly Draft[]) => told(classify, knowing(), ...facts);
const ended = ends();
const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, n)).toISOString();
const shown = (words: string) => ({
  wording: words,
  wordingVersion: derivedId(words).slice(0, 8),
});
const wanted = (opening: { messageId: string; text: string } | null, secondsWaited = 0) =>
  ContactWanted({ ...about, opening, secondsWaited, language: "en-US", nth: 0 });
const yesReminder = (token: string, time: string) =>
  later(ReminderDue({ ...about, about: "yes-unanswered", token }), time, 15_000);

describe("classify, on consent", () => {
  it("asks a caller who chose text, and remembers to stop waiting after a day", async () => {
    const { said } = await tell(offered());
    const offer = wording("offer");
    expect(said).toEqual([
      ConsentAsked({ ...about, ...shown(offer), words: "" }),
      replies("offer", offer, "e-0"),
      later(
        ReminderDue({ ...about, about: "offer-expiry", token: "e-0" }),
        second(0),
        24 * 3_600_000,
      ),
    ]);
  });

  it("takes YES for consent, wants a chat with the seconds waited, and answers with the place in time", async () => {
    const { said, state } = await tell(...accepted);
    expect(said).toEqual([
      ConsentGiven({ ...about, ...shown(wording("offer")), words: "YES" }),
      wanted(null, 7_500),
      classified("YES", "nobody", "consent-given"),
      yesReminder("m:YES", second(1)),
    ]);
    expect(state.consent).toBe("given");
  });

  it("takes START for YES where an offer is open", async () => {
    const { said } = await tell(offered(), texts("start"));
    expect(said.map(({ type }) => type)).toContain("consent.given");
  });

  it("records the customer's own words", async () => {
    const { said } = await tell(offered(), texts(" ¡Sí!"));
    expect(said[0]).toMatchObject({ type: "consent.given", data: { words: " ¡Sí!" } });
  });

  it("takes NO for a no, and says so once", async () => {
    const declined = await tell(offered(), texts("No."));
    expect(declined.said).toEqual([
      ConsentDeclined({ ...about, ...shown(wording("offer")), words: "No." }),
      classified("No.", "nobody", "consent-declined"),
      replies("notice", wording("declined"), "m:No."),
    ]);
    expect(declined.state.consent).toBe("declined");
  });

  it("greets and asks somebody never offered anything, once, and keeps what they write", async () => {
    const first = await tell(texts("hello"));
    const greeting = wording("greeting");
    expect(first.said).toEqual([
      classified("hello", "nobody", "kept-until-consent"),
      ConsentAsked({ ...about, ...shown(greeting), words: "" }),
      replies("offer", greeting, "m:hello"),
      later(
        ReminderDue({ ...about, about: "offer-expiry", token: "e-0" }),
        second(0),
        24 * 3_600_000,
      ),
    ]);
    const next = await tell(texts("hello"), texts("anybody?"));
    expect(next.said).toEqual([classified("anybody?", "nobody", "kept-until-consent")]);
  });

  it("does not take YES for consent when nothing was asked", async () => {
    const { said, state } = await tell(texts("YES"));
    expect(said[0]).toEqual(classified("YES", "nobody", "kept-until-consent"));
    expect(state.consent).toBe("none");
  });

  it("opens the chat with all that was kept, and lets the bot answer it", async () => {
    const { said, state } = await tell(texts("hello"), texts("my card is lost"), texts("yes"));
    expect(said.slice(1)).toEqual([
      wanted({ messageId: "m:hello", text: "hello\nmy card is lost" }),
      classified("yes", "nobody", "consent-given"),
      classified("hello", "bot", "waiting"),
      classified("my card is lost", "bot", "waiting"),
      yesReminder("m:yes", second(2)),
    ]);
    expect(state.pending).toEqual([]);
  });

  it("keeps the newest texts of somebody who writes on and on without an answer", async () => {
    const many = Array.from({ length: 200 }, (_, n) => texts(`text ${n}`));
    const { state } = await tell(...many);
    expect(state.pending.length).toBeLessThanOrEqual(30);
    expect(state.pending.at(-1)).toEqual({ messageId: "m:text 199", text: "text 199", sentAt });
  });

  it("counts an offer nobody answered as declined, and greets again when they write later", async () => {
    const expired = await tell(offered(), reminded("offer-expiry", "e-0"));
    expect(expired.said).toEqual([
      ConsentDeclined({ ...about, ...shown(wording("offer")), words: "" }),
    ]);
    const again = await tell(offered(), reminded("offer-expiry", "e-0"), texts("YES"));
    expect(again.said[0]).toEqual(classified("YES", "nobody", "kept-until-consent"));
    expect(again.said[2]).toEqual(replies("offer", wording("greeting"), "m:YES"));
  });

  it("does not let the expiry of an answered offer undo the answer", async () => {
    const { said, state } = await tell(...accepted, reminded("offer-expiry", "e-0"));
    expect(said).toEqual([]);
    expect(state.consent).toBe("given");
  });

  it("does not let the expiry of an older offer end the one that came after it", async () => {
    const { said } = await tell(offered(), offered(), reminded("offer-expiry", "e-0"));
    expect(said).toEqual([]);
  });

  it("tells a caller who is in line by text already, instead of asking again", async () => {
    const { said } = await tell(...waiting, offered());
    const place = wording("place", { position: 3, time: "about 15 min" });
    expect(said).toEqual([replies("notice", wording("alreadyWaiting", { place }), "e-4")]);
  });

  it("does not want a second chat for a YES that comes while there is one", async () => {
    const again = [...accepted, opened(), offered(), texts("help me"), texts("yes")];
    expect((await tell(...again)).said).toEqual([classified("yes", "bot", "waiting", "k-1")]);
  });

  it("lets YES go to the agent when the offer was passed over and a text opened the chat", async () => {
    const before = [...withAgent, ended, offered(), texts("it is me again"), opened("k-2")];
    const { said } = await tell(...before, joins("Ben", "k-2"), texts("yes"));
    expect(said).toEqual([classified("yes", "agent", "with-agent", "k-2")]);
  });

  it("starts again from consent given before, with the text and without asking", async () => {
    const { said } = await tell(...withAgent, ended, texts("one more thing"));
    expect(said).toEqual([
      classified("one more thing", "bot", "waiting"),
      wanted({ messageId: "m:one more thing", text: "one more thing" }),
    ]);
  });

  it("speaks the caller's language, and the number's to whoever only texts", async () => {
    const caller = await tell(offered({ language: "es-US" }));
    expect(caller.said[1]).toEqual(replies("offer", wording("offer", {}, "es"), "e-0"));
    const spanish = knowing({
      numbers: [{ address: about.business, flow: "f", language: "es-US" }],
    });
    const { said } = await told(classify, spanish, texts("hola"));
    expect(said[2]).toEqual(replies("offer", wording("greeting", {}, "es"), "m:hola"));
  });
});
