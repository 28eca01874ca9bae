import { type FaqPair, holdlineFaq, readFaq, writeFaq } from "@holdline/faq";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGsm7 } from "../../packages/channels/text/gsm7.ts";

const line = (more: object) => JSON.stringify({ id: "a", question: "A?", answer: "A.", ...more });

describe("a FAQ file", () => {
  it("is read line by line, blank lines and a byte order mark aside", () => {
    const text = `\ufeff${line({})}\r\n\n   \n${line({ id: "b", alternatives: ["B"], language: "en-US" })}`;
    expect(readFaq(text)).toEqual([
      { id: "a", question: "A?", answer: "A." },
      { id: "b", question: "A?", answer: "A.", alternatives: ["B"], language: "en-US" },
    ]);
    expect(readFaq("\n")).toEqual([]);
  });

  it.each([
    ["broken JSON", `${line({})}\n{"id": `, /my\.ndjson, line 2: not JSON/],
    ["a list", "[]", /line 1: .*expected object/],
    ["a missing answer", '\n{"id":"a","question":"A?"}', /line 2: "answer": /],
    ["an empty question", line({ question: "" }), /line 1: "question": /],
    ["an answer no bot can give", line({ answer: "a".repeat(1_025) }), /"answer": .*1024/],
    ["a misspelled field", line({ alternative: ["B"] }), /line 1: .*alternative/],
    ["one alternative that is no list", line({ alternatives: "B" }), /"alternatives": /],
    ["no language", line({ language: "English, mostly" }), /"language": /],
    ["an id used twice", `${line({})}\n\n${line({})}`, /line 3: id "a" was used in line 1/],
  ])("names the line of %s", (_, text, message) => {
    expect(() => readFaq(text, "my.ndjson")).toThrow(message);
  });

  it("names all wrong lines, up to a point", () => {
    expect(() => readFaq("x\ny")).toThrow(/line 1: [\s\S]*line 2: /);
    expect(() => readFaq("x\n".repeat(50))).toThrow(/line 10: .*\nand 40 more$/);
  });

  it("is read as it was written", () => {
    const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    const pair = fc.record(
      { id: words, question: words, answer: words, alternatives: fc.array(words) },
      { requiredKeys: ["id", "question", "answer"] },
    );
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: ({ id }) => id }), (pairs) => {
        expect(readFaq(writeFaq(pairs as FaqPair[]))).toEqual(pairs);
      }),
    );
  });
});

describe("our own FAQ", () => {
  it("has answers that fit two cheap text messages, and questions asked in several ways", () => {
    const pairs = holdlineFaq();
    expect(pairs.length).toBeGreaterThanOrEqual(25);
    for (const { answer, alternatives = [], language } of pairs) {
      expect(answer.length).toBeLessThanOrEqual(300);
      expect(isGsm7(answer)).toBe(true);
      expect(alternatives.length).toBeGreaterThanOrEqual(2);
      expect(language).toBe("en");
    }
  });

  it("asks nothing twice", () => {
    const asked = holdlineFaq().flatMap(({ question, alternatives = [] }) =>
      [question, ...alternatives].map((text) => text.toLowerCase()),
    );
    expect(new Set(asked).size).toBe(asked.length);
  });
});
