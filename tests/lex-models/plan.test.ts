import { intentName, type KeptPair } from "@holdline/faq";
import { heard, planOf, utteranceOf, v1Limits, v2Limits, variantsOf } from "@holdline/lex-models";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairOf } from "../support/faq-pairs.ts";
import { manyPairs } from "../support/lex-town.ts";

const us = v2Limits("en_US");
const english = (pairs: readonly KeptPair[], limits = us) => planOf(pairs, "en_US", limits);
const asking = (id: string, question: string, more: Partial<KeptPair> = {}) =>
  pairOf(id, { question, ...more });

describe("an utterance", () => {
  it.each([
    ["What’s open today?", "What's open today"],
    ["Can I bring {my} <dog>; or (cat)?!", "Can I bring my dog or cat"],
    ["R&D costs 5%", "R and D costs 5 percent"],
    ["Is COVID-19 over in the U.S.?", "Is COVID-19 over in the U.S."],
    ["What is it... really?", "What is it really"],
    ["¿Dónde está la oficina?", "Dónde está la oficina"],
    ["???", ""],
  ])("of %j is %j", (question, utterance) => {
    expect(utteranceOf(question, 500)).toBe(utterance);
  });

  it("is cut between words where it is too long", () => {
    expect(utteranceOf("one two three", 9)).toBe("one two");
  });

  it("is in other words what surely means the same, in English alone", () => {
    expect(variantsOf("What's the fee for a permit", "en")).toEqual([
      "What is the fee for a permit",
      "fee for a permit",
    ]);
    expect(variantsOf("How do I renew a passport", undefined)).toEqual(["renew a passport"]);
    expect(variantsOf("How do I pay", "en")).toEqual([]);
    expect(variantsOf("What's das", "de")).toEqual([]);
  });
});

describe("a plan", () => {
  it("has an intent for each pair of the locale's language, with its question first", () => {
    const pairs = [
      asking("hours", "When are you open?", { alternatives: ["Opening hours"] }),
      asking("horas", "¿Cuándo abren?", { language: "es" }),
    ];
    expect(english(pairs).intents).toMatchObject([
      { name: "hours", ids: ["hours"], utterances: ["When are you open", "Opening hours"] },
    ]);
    expect(planOf(pairs, "es_US", v2Limits("es_US")).intents).toMatchObject([{ name: "horas" }]);
  });

  it("tells a question that two sections ask apart by the section, and leaves out what is twice", () => {
    const pairs = [
      asking("a", "What does it cost?", { section: "Permits" }),
      asking("b", "What does it cost?", { section: "Passports" }),
      asking("c", "What does it cost?", { section: "Passports" }),
      asking("d", "?!"),
    ];
    const { intents, leftOut } = english(pairs);
    expect(intents.map(({ utterances }) => utterances[0])).toEqual([
      "What does it cost",
      "Passports What does it cost",
    ]);
    expect(leftOut).toEqual([
      { id: "c", why: "asks the same as a" },
      { id: "d", why: "has a question without a word" },
    ]);
  });

  it("gives a variant to nobody that two would have", () => {
    const pairs = [asking("a", "How do I get a permit?"), asking("b", "Where do I get a permit?")];
    const { intents } = english(pairs);
    expect(intents.flatMap(({ utterances }) => utterances)).toEqual([
      "How do I get a permit",
      "Where do I get a permit",
    ]);
  });

  it("is another one where an utterance is, and the same where the answer alone is", () => {
    const digest = (more: Partial<KeptPair>) =>
      english([asking("a", "When are you open?", more)]).intents[0]?.digest;
    expect(digest({ text: "Other." })).toBe(digest({}));
    expect(digest({ alternatives: ["Opening times"] })).not.toBe(digest({}));
  });

  it("puts the largest sections together where there are too many pairs, and no more of them than it must", () => {
    const pairs = [
      ...manyPairs(300).map((pair) => ({ ...pair, section: "Large" })),
      ...manyPairs(500)
        .slice(300)
        .map((pair) => ({ ...pair, section: "Small" })),
      ...manyPairs(520).slice(500),
    ];
    const { intents, groups } = english(pairs, v1Limits);
    expect(groups).toEqual([{ section: "Large", pairs: 300 }]);
    expect(intents).toHaveLength(1 + 200 + 20);
    expect(Math.max(...intents.map(({ ids }) => ids.length))).toBe(300);
    expect(intents.every(({ name }) => /^([A-Za-z]_?)+$/.test(name))).toBe(true);
  });

  it("says so where not even sections are few enough, and that a bot cannot answer for many itself", () => {
    const each = manyPairs(300).map((pair) => ({ ...pair, section: pair.id }));
    expect(() => english(each, v1Limits)).toThrow(/300 pairs in 300 sections.*249 intents/);
    const many = Array.from({ length: 1_200 }, (_, n) => asking(`p${n}`, `Word${n} or what?`));
    expect(() => planOf(many, "en_US", us, "bot")).toThrow(/needs a function to answer/);
  });

  it("leaves variants out, and then gives up, where a V1 bot has no room for the words", () => {
    const long = (n: number) => `Where do I ${`w${n}x `.repeat(30)}?`;
    const pairs = (count: number) =>
      Array.from({ length: count }, (_, n) => asking(`p${n}`, long(n), { section: "s" }));
    const lengths = english(pairs(900), { ...v1Limits, intents: 999 }).intents.map(
      ({ utterances }) => utterances.length,
    );
    expect(Math.max(...lengths)).toBe(1);
    expect(() => english(pairs(2_000), { ...v1Limits, intents: 2_000 })).toThrow(/two bots/);
  });

  it("never has one utterance twice, nor one or a name that Lex refuses, whatever is asked", () => {
    const word = fc.constantFrom(
      "what's",
      "How do I",
      "get",
      "a",
      "{slot}",
      "permit?",
      "é",
      "...",
      "5%",
      "I'm",
    );
    const question = fc
      .array(word, { minLength: 1, maxLength: 12 })
      .map((words) => words.join(" "));
    const pair = fc.record({
      id: fc.string({ minLength: 1, maxLength: 20 }),
      question,
      alternatives: fc.array(question, { maxLength: 3 }),
      section: fc.constantFrom("", "One", "Two"),
    });
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: ({ id }) => id, maxLength: 30 }), (given) => {
        const pairs = given.map(({ id, ...more }) => pairOf(id, more));
        const limits = { ...us, intents: 12, utteranceLength: 40 };
        const { intents, leftOut } = english(pairs, limits);
        expect(intents.length).toBeLessThanOrEqual(12);
        const all = intents.flatMap(({ utterances }) => utterances);
        expect(new Set(all.map(heard)).size).toBe(all.length);
        for (const utterance of all) {
          expect(utterance).toMatch(/^[\p{L}\p{M}\p{N}'._ -]{1,40}$/u);
          expect(heard(utterance)).not.toBe("");
        }
        for (const { name, utterances } of intents) {
          expect(name).toMatch(/^([A-Za-z]_?){1,100}$/);
          expect(utterances.length).toBeGreaterThan(0);
        }
        const named = intents.flatMap(({ ids }) => ids);
        expect([...named, ...leftOut.map(({ id }) => id)].sort()).toEqual(
          pairs.map(({ id }) => id).sort(),
        );
      }),
    );
  });

  it("names intents as the function that answers looks them up", () => {
    const { intents } = english([asking("0aa9435c3c8593ed", "What is it?")]);
    expect(intents[0]?.name).toBe(intentName("0aa9435c3c8593ed"));
  });
});
