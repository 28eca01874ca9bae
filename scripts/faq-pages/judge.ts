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

/** How alike two answers are: the harmonic mean of what is there of either in the other, 0 to 1. */
function alike(one: string, other: string): number {
  const [a, b] = [words(one), words(other)];
  if (a.length + b.length === 0) return 1;
  const left = new Map<string, number>();
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of b) {
    const count = left.get(word) ?? 0;
    if (count > 0) common++;
    left.set(word, count - 1);
  }
  return (2 * common) / (a.length + b.length);
}

const keyOf = (question: string) => words(askedPart(pageText(question))).join(" ");

/** A pair came back when its question is the same and its answer has the same words, nearly all of them. */
export function judge(truth: readonly Truth[], found: readonly FoundPair[]) {
  const byQuestion = Map.groupBy(found, ({ question }) => words(question).join(" "));
  const good = new Set<FoundPair>();
  const misses: string[] = [];
  let recovered = 0;
  for (const { question, answerHtml } of truth) {
    const said = pageText(answerHtml).replace(/^a(nswer)?\s*:\s*/i, "");
    const same = byQuestion.get(keyOf(question)) ?? [];
    const match = same.find(({ answer }) => alike(said, answer) >= 0.95);
    if (match) {
      recovered++;
      good.add(match);
    } else
      misses.push(
        `${same.length > 0 ? "answer differs" : "missing"}: ${JSON.stringify(question)} ${JSON.stringify(said.slice(-60))} ${JSON.stringify(same[0]?.answer.slice(-90))}`,
      );
  }
  const junk = found.filter((pair) => !good.has(pair));
  misses.push(
    ...junk
      .filter(
        ({ question }) => !truth.some((one) => keyOf(one.question) === words(question).join(" ")),
      )
      .map((one) => `junk (${one.pattern}): ${one.question}`),
  );
  return {
    recovered: recovered / Math.max(1, truth.length),
    junk: junk.length / Math.max(1, found.length),
    misses,
  };
}
