import type { FaqPair } from "@holdline/faq";
import type { Guess } from "./judge.ts";

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The floor: the cosine of tf-idf over the words of questions, and nothing else. */
export function tfIdf(pairs: readonly FaqPair[]): (text: string) => Guess | undefined {
  const counts = new Map<string, number>();
  const texts = pairs.map(({ question }) => wordsOf(question));
  for (const words of texts)
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weigh = (words: readonly string[]) => {
    const weights = new Map<string, number>();
    for (const word of words) {
      const rarity = Math.log((1 + pairs.length) / (1 + (counts.get(word) ?? 0))) + 1;
      weights.set(word, (weights.get(word) ?? 0) + rarity);
    }
    const length = Math.hypot(...weights.values()) || 1;
    return new Map([...weights].map(([word, weight]) => [word, weight / length]));
  };
  const columns = texts.map(weigh);
  return (text) => {
    const asked = weigh(wordsOf(text));
    let best: Guess | undefined;
    columns.forEach((column, at) => {
      let score = 0;
      for (const [word, weight] of asked) score += weight * (column.get(word) ?? 0);
      if (score > (best?.score ?? 0)) best = { id: pairs[at]?.id ?? "", score };
    });
    return best;
  };
}
