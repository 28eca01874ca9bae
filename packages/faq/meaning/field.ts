import type { FaqPair } from "../format.ts";
import { wordsOf } from "../words.ts";
import { product, type SentenceEncoder } from "./encoder.ts";

/** How near in meaning a text is to the questions and the answers of each pair: cosines, −1 to 1. */
export interface Nearness {
  readonly question: Float32Array;
  readonly answer: Float32Array;
}

/** Places pairs by what they mean; a pair is as near as its nearest phrasing and all of them on average, half and half. */
export function meaningField(
  pairs: readonly FaqPair[],
  encoder: SentenceEncoder,
): (words: readonly string[]) => Nearness {
  const placed = (text: string) => encoder.encode(wordsOf(text));
  const phrasings = pairs.map(({ question, alternatives = [] }) =>
    [question, ...alternatives].map(placed),
  );
  const answers = pairs.map(({ answer }) => placed(answer));
  return (words) => {
    const said = encoder.encode(words);
    return {
      question: Float32Array.from(phrasings, (own) => {
        const cosines = own.map((phrasing) => product(said, phrasing));
        const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
        return (Math.max(...cosines) + mean) / 2;
      }),
      answer: Float32Array.from(answers, (answer) => product(said, answer)),
    };
  };
}
