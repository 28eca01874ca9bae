import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration } from "../../../services/why/duration.ts";
import { mermaid } from "../../../services/why/mermaid.ts";
import { Why } from "../../../services/why/why.ts";
import { words } from "../../../services/why/words.ts";
import {
  botAnswers,
  business,
  classified,
  customer,
  joins,
  replies,
  says,
  texts,
} from "../../support/conversation.ts";
import { anyValue } from "../../support/malformed.ts";
import { history, seen, standing } from "./given.ts";

/** A short talk of two, in these words. */
function talk(text: string) {
  const { events, said } = history();
  const read = said("ingest", texts(text, "m-1"));
  const routed = said("classify", classified(text, "bot", "waiting"), read);
  const answered = said("bot-reply", botAnswers(text, text), routed);
  said("classify", replies("conversation", text || "-", "m-1", "bot"), answered);
  said("connect", joins("Maria"));
  said("connect", says(text, "Maria"));
  return events;
}

/** One of every event there is, as it was recorded. */
const everything = (): readonly Event[] =>
  readdirSync(fixtures).map((name) => JSON.parse(readFileSync(join(fixtures, name), "utf8")));
const fixtures = join(import.meta.dirname, "../../events/fixtures");

/** An agent of this name joins. */
function named(agent: string) {
  const { events, said } = history();
  said("other", joins(agent));
  return events;
}

describe("what is printed", () => {
  it("is a line for each checkpoint, with the time since the one before", () => {
    const lines = words(seen(talk("when?")));
    expect(lines.slice(lines.indexOf("What happened"))).toEqual([
      "What happened",
      "2026-01-01",
      '12:00:00.000  read: "when?"',
      "              +1.0 s   classified for the bot, because no agent has joined yet",
      '              +1.0 s   the bot answered (Hours, score 0.90): "when?"',
      '              +1.0 s   drafted: the bot\'s reply: "when?"',
      "12:00:04.000  agent Maria joined the chat",
      '12:00:05.000  agent Maria said: "when?"',
    ]);
  });

  it("is the same as JSON, whole, by the schema that is its promise", () => {
    const why = seen(talk("when?"));
    expect(Why.parse(JSON.parse(JSON.stringify(why)))).toEqual(why);
    expect(why.steps[0]?.ledTo[0]?.ledTo[0]).toMatchObject({
      type: "bot.answered",
      by: "bot-reply",
    });
  });

  it("holds no text, number or name when these are to be left out", () => {
    const why = seen(talk("SECRET WORDS"), { redact: true });
    const all = [JSON.stringify(why), ...words(why), ...mermaid(why)].join("\n");
    for (const secret of ["SECRET", business.slice(1), customer.slice(1), "Maria"])
      expect(all).not.toContain(secret);
    expect(all).toContain("an agent joined");
  });

  it("is one line for one step, whatever was written in it, and nothing that a terminal obeys", () => {
    const controls = fc.constantFrom("\n", "\u001b[2J", "\u009b", "\u2028", "\u202e", "\r");
    const unruly = fc.array(fc.oneof(controls, fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(unruly, (parts) => {
        const why = seen([...talk(parts.join("")), ...named(parts.join(""))]);
        const lines = words(why);
        expect(lines.filter((line) => /[\p{Cc}\u2028\u2029\u202e]/u.test(line))).toEqual([]);
        expect(lines).toHaveLength(words(seen([...talk("-"), ...named("-")])).length);
      }),
    );
  });

  it("as Mermaid has nothing in a label that ends it, or begins a tag", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const lines = mermaid(seen(talk(text))).filter((line) => /^ {2}n\d+\["/.test(line));
        expect(lines).toHaveLength(6);
        for (const line of lines)
          expect(line).toMatch(/^ {2}n\d+\["[^"<>\n\r[\]{}|`\\]*"\](:::fault)?$/);
      }),
    );
  });

  it("is printed of whatever an archive may hold, however spoilt", () => {
    const good = [...everything()];
    const spoiled = fc.tuple(
      fc.nat(good.length - 1),
      anyValue,
      fc.constantFrom("data", "inner", "time"),
    );
    fc.assert(
      fc.property(fc.array(spoiled, { minLength: 1, maxLength: 6 }), (spoils) => {
        const events = [...good];
        for (const [nth, value, what] of spoils) {
          const event = events[nth] as Event;
          const data = event.data as Record<string, unknown>;
          const [name = ""] = Object.keys(data ?? {}).slice(-1);
          if (what === "data") events[nth] = { ...event, data: value };
          else if (what === "time") events[nth] = { ...event, time: String(value) };
          else events[nth] = { ...event, data: { ...data, [name]: value } };
        }
        for (const where of [standing(events), undefined]) {
          const why = seen(events, { standing: where });
          expect([...words(why), ...mermaid(why)].length).toBeGreaterThan(events.length);
        }
      }),
    );
  });

  it("is printed of a chain of five hundred causes", () => {
    const { events, said } = history();
    let last = said("classify", replies("notice", "0", null));
    for (let nth = 1; nth < 500; nth++)
      last = said("classify", replies("notice", `${nth}`, null), last);
    const why = seen(events);
    expect(words(why).length).toBeGreaterThan(500);
    expect(mermaid(why).length).toBeGreaterThan(1_000);
    expect(JSON.stringify(why).length).toBeGreaterThan(100_000);
  });

  it("says of an event it does not understand that it does not", () => {
    const { events, said } = history();
    said("ingest", { ...texts("hello"), version: 9 });
    said("ingest", { ...texts("hello"), data: { text: 7 } });
    said("somebody", { type: "nobody.knows", version: 1, key: "c-1", data: null });
    expect(seen(events).steps.map(({ says }) => says)).toEqual([
      "message.received, version 9, which is not understood",
      "message.received, version 1, which is not understood",
      "nobody.knows, version 1, which is not understood",
    ]);
  });
});

it.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1.0 s"],
  [61_000, "1.0 min"],
  [40 * 60_000, "40 min"],
  [-2_500, "-2.5 s"],
  [86_400_000, "24 h"],
])("%d ms are said as %s", (ms, said) => {
  expect(duration(ms)).toBe(said);
});
