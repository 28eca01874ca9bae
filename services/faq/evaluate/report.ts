import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { englishEncoder, type FaqPair, faqMatcher } from "@holdline/faq";
import type { Asked, Trial } from "./data.ts";
import { tfIdf } from "./floor.ts";
import {
  type Guesser,
  halfOf,
  halves,
  judge,
  thresholdFor,
  unanswered,
  type Verdict,
} from "./judge.ts";

/** What a matcher came to with one threshold, on the half of the questions that nothing was chosen on. */
export interface Outcome {
  readonly threshold: number;
  readonly sets: Readonly<Record<string, Verdict>>;
  /** The share of texts about other things that were left unanswered. */
  readonly otherUnanswered: number;
  /** The same for questions whose pairs had been taken out of the FAQ: about the same things, and unknown. */
  readonly removedUnanswered: number;
  /** Of real questions nobody labelled, the share that was answered at all. */
  readonly unlabelledAnswered: number;
}

/** What one matcher came to. */
export interface Result {
  readonly matcher: string;
  /** With the threshold that leaves a share of texts about other things unanswered in the validation half. */
  readonly bold: Outcome;
  /** With the one that there leaves half of the questions unanswered whose pairs had been taken out. */
  readonly wary: Outcome;
  readonly milliseconds: { readonly p50: number; readonly p99: number; readonly built: number };
  readonly megabytes: number;
}

const makers: Readonly<Record<string, (pairs: readonly FaqPair[]) => Guesser>> = {
  "tf-idf": tfIdf,
  "by words": (pairs) => faqMatcher(pairs, { minScore: 0 }),
  holdline: (pairs) => faqMatcher(pairs, { minScore: 0, encoder: englishEncoder() }),
};

/** Judges our matcher and the floor alike; thresholds are chosen on the validation half, `recall` of its other texts unanswered. */
export function results(trial: Trial, { seed, recall }: { seed: number; recall: number }) {
  const { validation, test } = halves(trial, seed);
  return Object.entries(makers).map(([matcher, make]): Result => {
    const before = heap();
    const begun = performance.now();
    const guess = make(trial.pairs);
    const built = performance.now() - begun;
    const megabytes = (heap() - before) / 1e6;
    const unknown = (asked: Readonly<Record<string, readonly Asked[]>>) =>
      takenOut(trial.pairs, Object.values(asked).flat(), make, seed);
    const removed = unknown(test.asked);
    const removedBefore = unknown(validation.asked);
    const outcome = (threshold: number): Outcome => ({
      threshold,
      sets: Object.fromEntries(
        Object.entries(test.asked).map(([name, asked]) => [name, judge(guess, asked, threshold)]),
      ),
      otherUnanswered: unanswered(guess, test.other, threshold),
      removedUnanswered: unanswered(removed.guess, removed.texts, threshold),
      unlabelledAnswered: 1 - unanswered(guess, trial.unlabelled, threshold),
    });
    const texts = [
      ...Object.values(test.asked)
        .flat()
        .map(({ text }) => text),
      ...test.other,
    ];
    // Other programs interrupt: of three times the shortest is nearest to what a question takes.
    const took = texts.map((text) =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const asked = performance.now();
          guess(text);
          return performance.now() - asked;
        }),
      ),
    );
    took.sort((a, b) => a - b);
    const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
    return {
      ...{ matcher, megabytes },
      bold: outcome(thresholdFor(guess, validation.other, recall)),
      wary: outcome(thresholdFor(removedBefore.guess, removedBefore.texts, 0.5)),
      milliseconds: { p50: at(0.5), p99: at(0.99), built },
    };
  });
}

/** Takes the pairs of half the questions out of the FAQ: a matcher of what is left, and those questions. */
function takenOut(
  pairs: readonly FaqPair[],
  asked: readonly Asked[],
  make: (pairs: readonly FaqPair[]) => Guesser,
  seed: number,
): { readonly guess: Guesser; readonly texts: readonly string[] } {
  const out = asked.filter(({ answeredBy }) =>
    [...answeredBy].every((id) => halfOf(`out ${id}`, seed) === "test"),
  );
  const gone = new Set(out.flatMap(({ answeredBy }) => [...answeredBy]));
  return {
    guess: make(pairs.filter(({ id }) => !gone.has(id))),
    texts: out.map(({ text }) => text),
  };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heap(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
