import { readFileSync } from "node:fs";
import { faqMatcher, holdlineFaq, intentName, readFaq } from "@holdline/faq";

/** What the stand-in's Lex answers from: an FAQ file, ours where none is named. */
export function defaultMatcher(path: string | undefined) {
  const pairs = path === undefined ? holdlineFaq() : readFaq(readFileSync(path, "utf8"), path);
  const match = faqMatcher(pairs);
  // Lex says `en_US` where the file says `en`.
  return (text: string, locale: string) => {
    const found = match(text, locale.replace("_", "-"));
    return found && { intent: intentName(found.id), score: found.score, answer: found.answer };
  };
}
