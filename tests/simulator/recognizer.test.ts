import { expect, it } from "vitest";
import { recognizers } from "../../packages/simulator/lex-models/recognizer.ts";

const intents = () => [
  { name: "Refund", utterances: ["Can I have a refund?"] },
  { name: "Hours", utterances: ["What are your opening hours?", "When do you open"] },
];

it("recognizes what an intent means in English, and in other locales what it says", () => {
  const recognizer = recognizers();
  const asked = "i would like my money back";
  const heardIn = (locale: string) =>
    recognizer({ key: locale, locale, threshold: 0 }, intents)(asked)?.intent;
  expect(heardIn("en_GB")).toBe("Refund");
  expect(heardIn("es_US")).toBeUndefined();
});
