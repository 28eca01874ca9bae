import { askedPart, type FoundPair, pageText } from "@holdline/faq";

/** A pair as it was before it was rendered. */
export interface Truth {
  readonly section: string;
  readonly question: string;
  readonly answerHtml: string;
}

const words = (text: string): readonly string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** A text without its white space, its marks in one spelling: what must be the same to the letter. */
const letters = (text: string) => text.normalize("NFKC").replace(/[\s\u200b\ufeff]+/g, "");
/** What was copied with an answer and is none of it. */
const said = (text: string) =>
  letters(text.replace(/^\s*a(nswer)?\s*[:.]\s+/i, "").replace(/\btop of page\s*$/i, ""));

const keyOf = (question: string) => words(askedPart(pageText(question))).join(" ");

/** A pair came back when its question has the same words and its answer the same letters, white space aside. */
export function judge(truth: readonly Truth[], found: readonly FoundPair[]) {
  const byQuestion = Map.groupBy(found, ({ question }) => words(question).join(" "));
  const good = new Set<FoundPair>();
  const misses: string[] = [];
  let recovered = 0;
  for (const { question, answerHtml } of truth) {
    const whole = pageText(answerHtml);
    const same = byQuestion.get(keyOf(question)) ?? [];
    const equal = same.filter(({ answer }) => said(whole) === said(answer));
    // What a page says twice is found once, what two pages say is found on each.
    const match = equal.find((pair) => !good.has(pair)) ?? equal[0];
    if (match) {
      recovered++;
      good.add(match);
    } else
      misses.push(
        `${same.length > 0 ? "answer differs" : "missing"}: ${JSON.stringify(question)} ${JSON.stringify(whole.slice(-60))} ${JSON.stringify(same[0]?.answer.slice(-90))}`,
      );
  }
  const junk = found.filter((pair) => !good.has(pair));
  misses.push(
    ...junk
      .filter(({ question }) => !misses.some((miss) => miss.includes(JSON.stringify(question))))
      .map((one) => `junk (${one.pattern}): ${one.question}`),
  );
  return {
    recovered: recovered / Math.max(1, truth.length),
    junk: junk.length / Math.max(1, found.length),
    misses,
  };
}
