import type { FaqPair } from "./format.ts";
import { isContent, stemOf, wordsOf } from "./words.ts";

/** How soon a word said again says nothing new, and how much a long answer is held against its words (BM25's k1 and b). */
const saturation = { again: 1.2, length: 0.75 };

/**
 * How much of what a text is about the answers are about, 0–1 a pair: BM25 over the answers' words, as a
 * share of what an answer could have that says every word of the text. People ask in the words of answers, too.
 */
export function answerField(pairs: readonly FaqPair[]): (words: readonly string[]) => Float64Array {
  const stems = pairs.map(({ answer }) => wordsOf(answer).filter(isContent).map(stemOf));
  const usual = stems.reduce((sum, own) => sum + own.length, 0) / Math.max(1, pairs.length);
  const postings = new Map<string, { pairs: number[]; weights: number[] }>();
  stems.forEach((own, pair) => {
    const counts = new Map<string, number>();
    for (const stem of own) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    const { again, length } = saturation;
    const held = again * (1 - length + (length * own.length) / (usual || 1));
    for (const [stem, count] of counts) {
      const posting = postings.get(stem) ?? { pairs: [], weights: [] };
      postings.set(stem, posting);
      posting.pairs.push(pair);
      posting.weights.push(count / (count + held));
    }
  });
  const rarity = (stem: string) =>
    Math.log(1 + pairs.length / ((postings.get(stem)?.pairs.length ?? 0) + 0.5));
  return (words) => {
    const told = new Float64Array(pairs.length);
    let all = 0;
    for (const stem of new Set(words.filter(isContent).map(stemOf))) {
      const weight = rarity(stem);
      all += weight;
      const posting = postings.get(stem);
      posting?.pairs.forEach((pair, at) => {
        told[pair] = (told[pair] as number) + weight * (posting.weights[at] as number);
      });
    }
    return all === 0 ? told : told.map((value) => value / all);
  };
}
