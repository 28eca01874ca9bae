import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Keyword, keywordOf } from "../../../services/classify/keywords.ts";

// Written out again on purpose: this list is what the law and the carriers ask for.
const fcc = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"];
const aws = "arret cancel end opt-out optout quit remove stop td unsubscribe".split(" ");
const spanishStops = ["alto", "parar", "baja", "cancelar"];
const table: readonly [Keyword, readonly string[]][] = [
  ["stop", [...fcc, ...aws, "stopall", "stop all", ...spanishStops]],
  ["start", ["start", "unstop"]],
  ["help", ["help", "info", "ayuda"]],
  ["wait", ["wait", "espera"]],
  ["yes", ["yes", "y", "yes please", "yep", "yeah", "sure", "ok", "okay", "si", "sí", "claro"]],
  ["no", ["no", "n", "nope", "no thanks", "no thank you", "no gracias"]],
];
const all = table.flatMap(([keyword, words]) => words.map((word) => ({ keyword, word })));

/** What people put around a word, none of which is another word. */
const around = fc.string({
  unit: fc.constantFrom(
    " ",
    "\n",
    "\t",
    ".",
    "!",
    "?",
    ",",
    "…",
    '"',
    "“",
    "”",
    "¡",
    "*",
    "👍",
    "🛑",
  ),
  maxLength: 6,
});
const oneCase = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) =>
      [...word].map((letter, at) => (upper[at] ? letter.toUpperCase() : letter)).join(""),
    );

describe("a keyword", () => {
  it.each(all)("is $keyword when the whole message is $word", ({ keyword, word }) => {
    expect(keywordOf(word)).toBe(keyword);
  });

  it("is told whatever its case and whatever punctuation stands around it", () => {
    const said = fc
      .tuple(fc.constantFrom(...all), around, around)
      .chain(([one, before, after]) =>
        oneCase(one.word).map((word) => ({ ...one, text: `${before}${word}${after}` })),
      );
    fc.assert(
      fc.property(said, ({ keyword, text }) => keywordOf(text) === keyword),
      { numRuns: 1_000 },
    );
  });

  it("is told in full-width letters, with other dashes and with more white space", () => {
    expect(keywordOf("ＳＴＯＰ")).toBe("stop");
    expect(keywordOf("opt‑out")).toBe("stop");
    expect(keywordOf("Opt–Out")).toBe("stop");
    expect(keywordOf("STOP \n  ALL")).toBe("stop");
    expect(keywordOf("ARRÊT")).toBe("stop");
  });

  it("is not told in a text that has anything more to say", () => {
    const more = fc.constantFrom("by", "at 5", "me", "now what", "the bus", "7", "later today");
    const said = fc.tuple(fc.constantFrom(...all), more, fc.boolean());
    fc.assert(
      fc.property(
        said,
        ([{ word }, rest, first]) =>
          keywordOf(first ? `${rest} ${word}` : `${word} ${rest}`) === undefined,
      ),
      { numRuns: 500 },
    );
  });

  it("is never a text with two words more than any keyword has", () => {
    const words = fc.array(fc.constantFrom(...all.map(({ word }) => word)), {
      minLength: 4,
      maxLength: 8,
    });
    fc.assert(fc.property(words, (said) => keywordOf(said.join(" ")) === undefined));
  });

  it.each([
    "Stop by at 5?",
    "Can you stop the delivery",
    "help me understand what this means",
    "yes but not today",
    "no idea",
    "the end",
    "I want to cancel my order",
    "ok so what now",
    "start date?",
    "stopwatch",
    "YESTERDAY",
    "n/a",
  ])("is not %j", (text) => {
    expect(keywordOf(text)).toBeUndefined();
  });

  it.each(["", " ", "👍", "...", "\u0000", "\ud800", "​"])(
    "is not %j, which has no word at all",
    (text) => {
      expect(keywordOf(text)).toBeUndefined();
    },
  );

  it("is looked for in any text without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        keywordOf(text);
      }),
    );
  });
});
