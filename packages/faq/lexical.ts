import { answerField } from "./answer-field.ts";
import type { FaqPair } from "./format.ts";
import { speller } from "./spelling.ts";
import { gramsOf, isContent, stemOf, wordsOf } from "./words.ts";

/** Weights of what two texts may share: a word, two in a row, the letters of a word. */
const weights = { word: 1, twoWords: 0.5, letters: 1 };

/** What the words of a text say for each pair, all 0–1. */
export interface Evidence {
  /** The text's words, misspellings mended. */
  readonly words: readonly string[];
  /** How alike it and the pair's questions are. */
  readonly likeness: Float64Array;
  /** How much of what it is about the pair's answer is about. */
  readonly told: Float64Array;
  /** How much of what it is about stands in the pair's questions: long questions lose nothing by it. */
  readonly shared: Float64Array;
  /** How much of what it is about one pair's questions are about, other endings included. */
  covered(pair: number): number;
}

/** What a text shares with others, weighed. */
function featuresOf(words: readonly string[]): Map<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number) =>
    features.set(feature, (features.get(feature) ?? 0) + weight);
  let before = "";
  for (const word of words) {
    const stem = stemOf(word);
    add(`w ${stem}`, weights.word);
    add(`t ${before} ${stem}`, weights.twoWords);
    before = stem;
    if (!isContent(word)) continue;
    const grams = gramsOf(word);
    for (const gram of grams) add(`g ${gram}`, weights.letters / Math.sqrt(grams.length));
  }
  return features;
}

/** Scales to length one, so that products are cosines. */
function unit(features: Map<string, number>): Map<string, number> {
  let square = 0;
  for (const weight of features.values()) square += weight * weight;
  const length = Math.sqrt(square) || 1;
  for (const [feature, weight] of features) features.set(feature, weight / length);
  return features;
}

/**
 * Compares texts with pairs by their words: tf-idf over words, pairs of words and three-letter groups, with
 * a pair as like a text as its likest phrasing and all its phrasings together, half and half. On sets of up
 * to a thousand pairs that found as many as a trained classifier, without the seconds of training. `knows`: as
 * of `speller`.
 */
export function lexicalField(
  pairs: readonly FaqPair[],
  knows?: (word: string) => boolean,
): (text: string) => Evidence {
  const phrasings = pairs.flatMap(({ question, alternatives = [] }, pair) =>
    [question, ...alternatives].map((text) => ({ pair, words: wordsOf(text) })),
  );
  const spelled = speller(new Set(phrasings.flatMap(({ words }) => words)), knows);
  const counts = new Map<string, number>();
  const raw = phrasings.map(({ words }) => featuresOf(words));
  for (const features of raw)
    for (const feature of features.keys()) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const rarest = Math.log(1 + phrasings.length / 0.5);
  const rarity = (feature: string) =>
    Math.log(1 + phrasings.length / ((counts.get(feature) ?? 0) + 0.5)) / rarest;
  const weighed = (features: Map<string, number>) => {
    for (const [feature, weight] of features) features.set(feature, weight * rarity(feature));
    return unit(features);
  };

  /** By feature: the columns that have it and how much. A column is a phrasing, or after those a pair. */
  const postings = new Map<string, { columns: number[]; weights: number[] }>();
  const post = (column: number, features: Map<string, number>) => {
    for (const [feature, weight] of features) {
      const posting = postings.get(feature) ?? { columns: [], weights: [] };
      postings.set(feature, posting);
      posting.columns.push(column);
      posting.weights.push(weight);
    }
  };
  const together = pairs.map(() => new Map<string, number>());
  raw.forEach((features, column) => {
    post(column, weighed(features));
    const all = together[phrasings[column]?.pair as number] as Map<string, number>;
    for (const [feature, weight] of features) all.set(feature, (all.get(feature) ?? 0) + weight);
  });
  together.forEach((features, pair) => {
    post(phrasings.length + pair, unit(features));
  });

  /** How alike each pair and the text are, 0–1. */
  function likenesses(words: readonly string[]): Float64Array {
    const cosines = new Float64Array(phrasings.length + pairs.length);
    for (const [feature, weight] of weighed(featuresOf(words))) {
      const posting = postings.get(feature);
      posting?.columns.forEach((column, at) => {
        cosines[column] = (cosines[column] as number) + weight * (posting.weights[at] as number);
      });
    }
    const likeness = new Float64Array(pairs.length);
    phrasings.forEach(({ pair }, column) => {
      likeness[pair] = Math.max(likeness[pair] as number, cosines[column] as number);
    });
    return likeness.map((best, pair) => (best + (cosines[phrasings.length + pair] as number)) / 2);
  }

  const answers = answerField(pairs);

  function sharedWords(words: readonly string[]): Float64Array {
    const shared = new Float64Array(pairs.length);
    let all = 0;
    for (const stem of new Set(words.filter(isContent).map(stemOf))) {
      const weight = rarity(`w ${stem}`);
      all += weight;
      for (const column of postings.get(`w ${stem}`)?.columns ?? []) {
        const pair = column - phrasings.length;
        if (pair >= 0) shared[pair] = (shared[pair] as number) + weight;
      }
    }
    return all === 0 ? shared : shared.map((value) => value / all);
  }

  /** How much of what the words are about a pair is about, 0–1; one or two words alone say little. */
  function covered(words: readonly string[], pair: number): number {
    const content = [...new Set(words.filter(isContent))];
    let all = 0;
    let found = 0;
    for (const word of content) {
      const grams = gramsOf(word);
      const shared = grams.filter((gram) => together[pair]?.has(`g ${gram}`)).length / grams.length;
      const weight = rarity(`w ${stemOf(word)}`);
      all += weight;
      if (shared >= 0.5) found += weight * shared;
    }
    return all === 0 ? 0 : (found / all) * Math.min(1, content.length / 3);
  }

  return (text) => {
    const words = wordsOf(text).map(spelled);
    return {
      ...{ words, likeness: likenesses(words), told: answers(words), shared: sharedWords(words) },
      covered: (pair) => covered(words, pair),
    };
  };
}
