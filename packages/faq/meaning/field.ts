import type { FaqPair } from "../format.ts";
import { wordsOf } from "../words.ts";
import { product, type SentenceEncoder } from "./encoder.ts";

/**
 * How near in meaning a text and each pair's questions are, −1 to 1: the cosine with the nearest phrasing and
 * that of all of them on average, half and half.
 */
export function meaningField(
  pairs: readonly FaqPair[],
  encoder: SentenceEncoder,
): (words: readonly string[]) => Float64Array {
  const phrasings = pairs.map(({ question, alternatives = [] }) =>
    [question, ...alternatives].map((text) => encoder.encode(wordsOf(text))),
  );
  return (words) => {
    const said = encoder.encode(words);
    return Float64Array.from(phrasings, (own) => {
      const cosines = own.map((phrasing) => product(said, phrasing));
      const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
      return (Math.max(...cosines) + mean) / 2;
    });
  };
}
