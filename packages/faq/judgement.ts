import type { Evidence } from "./lexical.ts";
import type { Nearness } from "./meaning/field.ts";

/** Which pair, by its place, and how sure that is, 0–1. */
export interface Guess {
  readonly pair: number;
  readonly score: number;
}

const logistic = (logit: number) => 1 / (1 + Math.exp(-logit));

/** What speaks for a pair beside its likeness: the text's words in its question, and in its answer. */
const besides = { shared: 0.8, answer: 0.35 };

/**
 * The logistic of how sure a match by words is, fitted on two public FAQ sets (467 and 92 questions, unseen
 * paraphrases) and on ours, against some two thousand text messages about other things. `likeness`
 * is the cosine, `covered` how much of what the text is about the pair is about, too.
 */
const sureness = { base: -2.9, likeness: 5.95, covered: 1.94, told: 2.2 };

/** The likeliest pair by words alone. */
export function byWords({ likeness, told, shared, covered }: Evidence): Guess | undefined {
  const pair = highest(
    likeness.map(
      (value, at) =>
        value + besides.answer * (told[at] as number) + besides.shared * (shared[at] as number),
    ),
  );
  if (pair === undefined) return undefined;
  const about = covered(pair);
  // "How are you" is much like "When are you open", and about nothing that is.
  if (about + (told[pair] as number) === 0) return undefined;
  const logit =
    sureness.base +
    sureness.likeness * (likeness[pair] as number) +
    sureness.covered * about +
    sureness.told * (told[pair] as number);
  return { pair, score: logistic(logit) };
}

const meant = { likeness: 5.4, told: 5.4, question: 9.5, answer: 2.9 };
const sure = { base: -4, sum: 0.4, share: 0.4 };

/** The likeliest pair by words and meaning. */
export function byMeaning({ likeness, told }: Evidence, near: Nearness): Guess | undefined {
  const sums = likeness.map(
    (value, at) =>
      meant.likeness * value +
      meant.told * (told[at] as number) +
      meant.question * (near.question[at] as number) +
      meant.answer * (near.answer[at] as number),
  );
  const pair = highest(sums);
  if (pair === undefined) return undefined;
  const most = sums[pair] as number;
  const all = sums.reduce((total, sum) => total + Math.exp(sum - most), 0);
  return { pair, score: logistic(sure.base + sure.sum * most + sure.share * Math.log(1 / all)) };
}

/** Where the highest number above zero stands. */
function highest(numbers: Float64Array): number | undefined {
  let [best, most]: [number | undefined, number] = [undefined, 0];
  numbers.forEach((number, at) => {
    if (number > most) [best, most] = [at, number];
  });
  return best;
}
