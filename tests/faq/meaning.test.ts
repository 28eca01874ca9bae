import {
  englishEncoder,
  type FaqPair,
  faqMatcher,
  holdlineFaq,
  type SentenceEncoder,
} from "@holdline/faq";
import { describe, expect, it } from "vitest";
import { encoderIn, product } from "../../packages/faq/meaning/encoder.ts";
import { piecesIn } from "../../packages/faq/meaning/pieces.ts";
import { wordsOf } from "../../packages/faq/words.ts";

const encoder = englishEncoder();
const nearness = (one: string, other: string) =>
  product(encoder.encode(wordsOf(one)), encoder.encode(wordsOf(other)));

/** A file of vectors as `scripts/sentence-vectors` writes it. */
function vectorFile(width: number, rows: Readonly<Record<string, readonly number[]>>) {
  const pieces = Object.keys(rows);
  const scales = Buffer.alloc(4 * pieces.length);
  for (const at of pieces.keys()) scales.writeFloatLE(0.5, 4 * at);
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ width, pieces })}\n`),
    scales,
    Buffer.from(Int8Array.from(Object.values(rows).flat()).buffer),
  ]);
}

describe("pieces of a word", () => {
  const numbers = new Map(
    ["un", "##read", "##able", "read", "##a"].map((piece, at) => [piece, at]),
  );
  it.each([
    ["read", [3]],
    ["unreadable", [0, 1, 2]],
    ["unreada", [0, 1, 4]],
    ["able", []],
    ["unreadably", []],
    ["", []],
    ["un".repeat(21), []],
  ])("of %s are the longest there are", (word, pieces) => {
    expect(piecesIn(word, numbers)).toEqual(pieces);
  });
});

describe("an encoder", () => {
  const small = encoderIn(vectorFile(2, { up: [4, 0], "##on": [0, 3], down: [-4, 0] }), "en");

  it("sums the pieces and scales to length one", () => {
    expect([...small.encode(["upon"])]).toEqual([0.8, 0.6].map(Math.fround));
    expect([...small.encode(["up", "up"])]).toEqual([1, 0]);
  });

  it("knows whole words, not what it can put together", () => {
    expect(["up", "upon", "on"].map(small.knows)).toEqual([true, false, false]);
  });

  it("makes nothing of what has no piece, nor of what adds up to nothing", () => {
    for (const words of [[], ["sideways"], ["up", "down"]])
      expect([...small.encode(words)]).toEqual([0, 0]);
  });

  it("refuses a file that was cut short", () => {
    const whole = vectorFile(2, { up: [4, 0] });
    expect(() => encoderIn(whole.subarray(0, -1), "en")).toThrow("missing or too many");
  });
});

describe("English sentences", () => {
  it.each([
    ["how do i get my money back", "can i have a refund", "can i have a receipt"],
    ["my parcel is missing", "the package has not arrived", "the office has not opened"],
    ["are you open on sundays", "what are your weekend hours", "what are your bank details"],
    ["talk to a person", "speak with a human", "listen to a record"],
  ])("%s is nearer to: %s than to: %s", (text, same, other) => {
    expect(nearness(text, same)).toBeGreaterThan(nearness(text, other));
  });

  it("are as near to themselves as can be", () => {
    expect(nearness("When are you open?", "when ARE you open")).toBeCloseTo(1, 5);
  });
});

describe("matching by meaning", () => {
  const byWords = faqMatcher(holdlineFaq());

  it("finds what shares no word with the question, which words alone do not", () => {
    const pairs: FaqPair[] = [
      { id: "refund", question: "Can I have a refund?", answer: "Within 30 days." },
      { id: "hours", question: "What are your opening hours?", answer: "8 to 20." },
    ];
    const text = "i would like my money back";
    expect(faqMatcher(pairs, { encoder, minScore: 0 })(text)?.id).toBe("refund");
    expect(faqMatcher(pairs, { minScore: 0 })(text)).toBeUndefined();
  });

  it("is for the encoder's language and for texts of none; in others words decide", () => {
    const asked: string[] = [];
    const heard: SentenceEncoder = {
      language: "en",
      knows: encoder.knows,
      encode(words) {
        asked.push(words.join(" "));
        return encoder.encode(words);
      },
    };
    const both = faqMatcher(holdlineFaq(), { encoder: heard });
    const text = "has my order shipped yet";
    for (const [language, calls] of [
      ["en-US", 1],
      ["EN", 1],
      [undefined, 1],
      ["es", 0],
      ["fr-CA", 0],
    ] as const) {
      asked.length = 0;
      const found = both(text, language);
      expect(asked, language).toHaveLength(calls);
      if (calls === 0) expect(found).toEqual(byWords(text, language));
    }
  });
});
