import { englishEncoder, type FaqPair, faqMatcher, holdlineFaq } from "@holdline/faq";
import { describe, expect, it } from "vitest";
import { speller } from "../../packages/faq/spelling.ts";

describe.each([
  ["by words", {}],
  ["by meaning, too", { encoder: englishEncoder() }],
])("matching %s", (_, means) => {
  const match = faqMatcher(holdlineFaq(), means);

  it("knows every question of its own, in each wording, and is sure", () => {
    for (const { id, answer, question, alternatives = [] } of holdlineFaq())
      for (const text of [question, ...alternatives]) {
        const found = match(text);
        expect(found, text).toMatchObject({ id, answer });
        expect(found?.score, text).toBeGreaterThan(0.7);
        expect(found?.score).toBeLessThanOrEqual(1);
      }
  });

  it.each([
    ["has my order shipped yet", "order-status"],
    ["what time do you open tomorrow", "opening-hours"],
    ["how do i get my money back", "request-refund"],
    ["i moved last week, how do I tell you my new address", "change-address"],
    ["how can i update my phone number", "change-phone-number"],
    ["forgot password", "reset-password"],
    ["please cancel my appointment tomorrow", "cancel-appointment"],
    ["different date for my appointment", "change-appointment"],
    ["i'd like to book an appointment", "book-appointment"],
    ["i want to talk to a real person", "talk-to-agent"],
    ["how many are in front of me in the queue", "wait-time"],
    ["can i get a copy of my last invoice", "view-bill"],
    ["i think my bill is wrong", "bill-too-high"],
    ["can I pay with credit card", "pay-bill"],
    ["payment plan please", "pay-later"],
    ["power is out in my street", "power-outage"],
    ["it smells like gas in my kitchen", "gas-smell"],
    ["i need to file a claim for my car", "start-claim"],
    ["status of claim 4711", "claim-status"],
    ["am i covered for theft", "coverage"],
    ["i want to cancel my contract", "cancel-contract"],
    ["is this a robot", "bot-or-human"],
    ["WHERE IS MY ORDER???", "order-status"],
  ])("finds the answer to: %s", (text, id) => {
    expect(match(text)?.id).toBe(id);
  });

  it.each([
    ["wheres my ordr", "order-status"],
    ["opning huors", "opening-hours"],
    ["i frogot my pasword", "reset-password"],
    ["need to chnage my adress", "change-address"],
    ["cancle my apointment", "cancel-appointment"],
    ["how do i submit a meter readng", "meter-reading"],
  ])("reads through slips: %s", (text, id) => {
    expect(match(text)?.id).toBe(id);
  });

  it.each([
    "what's the weather",
    "ok",
    "thanks",
    "thank you so much",
    "hello?",
    "yes",
    "no",
    "what?",
    "and then?",
    "how are you",
    "what is your name",
    "lol",
    "4711",
    "\u{1f44d}",
    "",
    " ... ",
    "can you recommend a restaurant",
    "what is the capital of france",
    "who won the game last night",
    "tell me a joke",
    "my cat is sick",
    "i'm on my way home",
    "sorry wrong number",
    "is it going to snow",
    "do you sell shoes",
    "asdfgh",
  ])("says nothing to: %s", (text) => {
    expect(match(text)).toBeUndefined();
  });

  it("is surer of the question itself than of a hint of it", () => {
    const loose = faqMatcher(holdlineFaq(), { ...means, minScore: 0 });
    const scores = ["Where is my order?", "my order, is it on its way", "an order of fish"].map(
      (text) => loose(text)?.score ?? 0,
    );
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(3);
  });

  it("answers no sooner than it is told to", () => {
    const text = "has my order shipped yet";
    expect(match(text)).toBeDefined();
    expect(faqMatcher(holdlineFaq(), { ...means, minScore: 0.99 })(text)).toBeUndefined();
    expect(faqMatcher([], means)(text)).toBeUndefined();
  });
});

describe("an answer", () => {
  const pairs: FaqPair[] = [
    { id: "pay", question: "How do I settle my account?", answer: "By credit card or cheque." },
    { id: "park", question: "Where can I leave my car?", answer: "Behind the house." },
  ];

  it("is found by its own words where the question has others", () => {
    expect(faqMatcher(pairs, { minScore: 0 })("credit card accepted")?.id).toBe("pay");
  });

  it("does not make two of a text's many words enough", () => {
    const text = "my house burnt down last night and the insurance says nothing";
    expect(faqMatcher(pairs)(text)).toBeUndefined();
  });
});

describe("languages", () => {
  const pairs: FaqPair[] = [
    { id: "hours-en", question: "When are you open?", answer: "8 to 20.", language: "en" },
    { id: "hours-es", question: "¿Cuándo abren?", answer: "De 8 a 20.", language: "es-MX" },
    { id: "emergency", question: "Emergency number", answer: "112" },
  ];
  const matchIn = faqMatcher(pairs);

  it("answers in the language of the question, and of any country", () => {
    expect(matchIn("cuando abren", "es-419")?.id).toBe("hours-es");
    expect(matchIn("cuando abren", "en-US")).toBeUndefined();
    expect(matchIn("when are you open", "EN")?.id).toBe("hours-en");
  });

  it("answers with what has no language in every one, and from all when none is given", () => {
    expect(matchIn("emergency number", "fr")?.id).toBe("emergency");
    expect(matchIn("cuando abren")?.id).toBe("hours-es");
  });
});

describe("spelling", () => {
  const spelled = speller(new Set(["order", "address", "appointment", "bill", "pay"]));
  it.each([
    ["ordr", "order"],
    ["oredr", "order"],
    ["orderr", "order"],
    ["adress", "address"],
    ["apointmant", "appointment"],
    ["order", "order"],
  ])("%s is %s", (word, meant) => {
    expect(spelled(word)).toBe(meant);
  });

  it("takes what is a word for what it says", () => {
    const knowing = speller(new Set(["smell", "order"]), (word) => word === "sell");
    expect(["sell", "smel", "ordr"].map(knowing)).toEqual(["sell", "smell", "order"]);
  });

  it.each(["pat", "border", "ball1", "odor", "house"])("leaves %s alone", (word) => {
    expect(spelled(word)).toBe(word);
  });
});

describe("a FAQ of 800 pairs", () => {
  const subjects = ["order", "refund", "claim", "policy", "visit", "meter", "bill", "contract"];
  const verbs = [
    "change",
    "cancel",
    "find",
    "pay",
    "report",
    "renew",
    "see",
    "move",
    "dispute",
    "start",
  ];
  const times = [
    "today",
    "abroad",
    "online",
    "by post",
    "twice",
    "for a friend",
    "in advance",
    "late",
    "again",
    "at night",
  ];
  const pairs = subjects.flatMap((subject) =>
    verbs.flatMap((verb) =>
      times.map((time) => ({
        id: `${verb} ${subject} ${time}`,
        question: `How do I ${verb} my ${subject} ${time}?`,
        alternatives: [`I want to ${verb} the ${subject} ${time}`, `${verb} ${subject} ${time}`],
        answer: "So.",
      })),
    ),
  );

  it("is matched as surely as a small one", () => {
    const matchAny = faqMatcher(pairs);
    for (const { id, alternatives } of pairs.slice(0, 300))
      expect(matchAny(alternatives[0] as string)?.id).toBe(id);
  });
});
