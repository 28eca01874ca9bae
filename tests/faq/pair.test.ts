import { named, ScrapedPair } from "@holdline/faq";
import { describe, expect, it } from "vitest";

const pair = {
  question: "When are you open?",
  answer: "At eight.",
  answerHtml: "<p>At eight.</p>",
  section: "Hours",
  source: "https://example.org/faq",
  language: "en",
  fetchedAt: "2020-04-01T00:00:00.000Z",
};
const [one] = named([pair]);
const idOf = (more: object) => named([{ ...pair, ...more }])[0]?.id;

describe("the id of a scraped pair", () => {
  it("is the same when the answer, its section, or the marks of its question change", () => {
    for (const more of [
      { answer: "At nine.", answerHtml: "<p>At nine.</p>" },
      { section: "Visiting us" },
      { question: " when are you open ?" },
      { source: "https://example.org/faq#hours" },
      { fetchedAt: "2021-01-01T00:00:00.000Z" },
    ])
      expect(idOf(more)).toBe(one?.id);
  });

  it("is another for another question and another page", () => {
    expect(idOf({ question: "When are you closed?" })).not.toBe(one?.id);
    expect(idOf({ source: "https://example.org/other" })).not.toBe(one?.id);
  });

  it("is given once: a question that is asked again is told apart by its section, then its number", () => {
    const again = [pair, { ...pair, section: "Shop" }, { ...pair, section: "Shop" }];
    const ids = named(again).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(one?.id);
    expect(named(again).map(({ id }) => id)).toEqual(ids);
    expect(named([pair], new Set(ids))[0]?.id).not.toBe(one?.id);
  });
});

describe("the hash of a scraped pair", () => {
  it("changes with all that a reader sees, and a link is seen", () => {
    const hashOf = (more: object) => named([{ ...pair, ...more }])[0]?.hash;
    expect(hashOf({ section: "Shop" })).toBe(one?.hash);
    expect(hashOf({ answer: "At nine." })).not.toBe(one?.hash);
    expect(hashOf({ answerHtml: '<p><a href="https://x.org/">At eight.</a></p>' })).not.toBe(
      one?.hash,
    );
  });
});

describe("a scraped pair", () => {
  it("is what its schema says", () => {
    expect(ScrapedPair.parse(one)).toEqual(one);
  });
});
