import type { Evidence } from "./lexical.ts";

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

/**
 * What speaks for a pair by words and meaning, and for none of them, in logits: a multinomial logistic
 * regression, fitted on the validation half of what `faq evaluate` reads, on half of our own FAQ's
 * phrasings, and on two public sets of intents of which each had one or three phrasings; against
 * questions whose pair had been taken out, and texts about other things.
 */
const meant = { likeness: 7.4, told: 3.2, near: 10.6, none: 8.9 };

/**
 * Added to the logit of how sure a match is. In what it was fitted on, pairs that answer as well count as
 * wrong; with this, 0.4 lets no more texts about other things through than it does by words.
 */
const benefitOfDoubt = 1;

/** The likeliest pair by words and meaning, all others and none weighed against it. */
export function byMeaning({ likeness, told }: Evidence, nearness: Float64Array): Guess | undefined {
  const logits = likeness.map(
    (value, at) =>
      meant.likeness * value +
      meant.told * (told[at] as number) +
      meant.near * (nearness[at] as number),
  );
  const pair = highest(logits);
  if (pair === undefined) return undefined;
  const most = logits[pair] as number;
  const rest = logits.reduce(
    (sum, logit, at) => (at === pair ? sum : sum + Math.exp(logit - most)),
    Math.exp(meant.none - most),
  );
  return { pair, score: logistic(benefitOfDoubt - Math.log(rest)) };
}

/** Where the highest number above zero stands. */
function highest(numbers: Float64Array): number | undefined {
  let [best, most]: [number | undefined, number] = [undefined, 0];
  numbers.forEach((number, at) => {
    if (number > most) [best, most] = [at, number];
  });
  return best;
}
