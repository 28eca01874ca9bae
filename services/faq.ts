import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { faqMatcher, intentName, readFaq } from "@holdline/faq";

const ours = import.meta.resolve("@holdline/faq/holdline-faq.ndjson");

/** What the stand-in's Lex answers from: an FAQ file, ours where none is named. */
export function defaultMatcher(path: string | undefined) {
  const file = path ?? fileURLToPath(ours);
  const match = faqMatcher(readFaq(readFileSync(file, "utf8"), file));
  return (text: string, language?: string) => {
    const found = match(text, language);
    return found && { intent: intentName(found.id), score: found.score, answer: found.answer };
  };
}
