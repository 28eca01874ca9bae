import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type FaqPair, faqMatcher } from "@holdline/faq";
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

/** What one matcher came to, on the half of the questions that nothing was chosen on. */
export interface Result {
  readonly matcher: string;
  readonly threshold: number;
  /** The share of texts about other things that were left unanswered. */
  readonly otherUnanswered: number;
  /** The same for questions whose pairs had been taken out of the FAQ: about the same things, and unknown. */
  readonly removedUnanswered: number;
  readonly sets: Readonly<Record<string, Verdict>>;
  /** Of real questions nobody labelled, the share that was answered at all. */
  readonly unlabelledAnswered: number;
  readonly milliseconds: { readonly p50: number; readonly p99: number; readonly built: number };
  readonly megabytes: number;
}

const makers: Readonly<Record<string, (pairs: readonly FaqPair[]) => Guesser>> = {
  "tf-idf": tfIdf,
  holdline: (pairs) => faqMatcher(pairs, { minScore: 0 }),
};

/** Judges our matcher and the floor alike: each with the threshold that keeps `recall` of other texts unanswered in the validation half. */
export function results(trial: Trial, { seed, recall }: { seed: number; recall: number }) {
  const { validation, test } = halves(trial, seed);
  return Object.entries(makers).map(([matcher, make]): Result => {
    const before = heap();
    const begun = performance.now();
    const guess = make(trial.pairs);
    const built = performance.now() - begun;
    const megabytes = (heap() - before) / 1e6;
    const threshold = thresholdFor(guess, validation.other, recall);
    const sets = Object.fromEntries(
      Object.entries(test.asked).map(([name, asked]) => [name, judge(guess, asked, threshold)]),
    );
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
      ...{ matcher, threshold, sets, megabytes },
      otherUnanswered: unanswered(guess, test.other, threshold),
      removedUnanswered: removed(
        trial.pairs,
        Object.values(test.asked).flat(),
        make,
        threshold,
        seed,
      ),
      unlabelledAnswered: 1 - unanswered(guess, trial.unlabelled, threshold),
      milliseconds: { p50: at(0.5), p99: at(0.99), built },
    };
  });
}

/** Takes the pairs of half the test questions out of the FAQ and asks for them. */
function removed(
  pairs: readonly FaqPair[],
  asked: readonly Asked[],
  make: (pairs: readonly FaqPair[]) => Guesser,
  threshold: number,
  seed: number,
): number {
  const out = asked.filter(({ answeredBy }) =>
    [...answeredBy].every((id) => halfOf(`out ${id}`, seed) === "test"),
  );
  const gone = new Set(out.flatMap(({ answeredBy }) => [...answeredBy]));
  const guess = make(pairs.filter(({ id }) => !gone.has(id)));
  return unanswered(
    guess,
    out.map(({ text }) => text),
    threshold,
  );
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heap(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
