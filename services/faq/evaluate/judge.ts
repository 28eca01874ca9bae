import { createHash } from "node:crypto";
import type { Asked, Trial } from "./data.ts";

/** What a matcher holds for the answer to a text, and how sure it is. */
export interface Guess {
  readonly id: string;
  readonly score: number;
}
export type Guesser = (text: string) => Guess | undefined;

/** How good a matcher was at one set of questions, in shares of it. */
export interface Verdict {
  readonly asked: number;
  /** The best guess is right, however sure it is. */
  readonly top1: number;
  /** Right, and sure enough to be said. */
  readonly answered: number;
  /** Wrong, and said. */
  readonly wrong: number;
}

/** Which half of the questions a pair's are in: what a threshold is chosen on is never what it is judged by. */
export function halfOf(id: string, seed: number): "validation" | "test" {
  const [first = 0] = createHash("sha256").update(`${seed} ${id}`).digest();
  return first % 2 === 0 ? "validation" : "test";
}

/** A trial in two halves, by the pairs that answer. */
export function halves({ asked, other }: Pick<Trial, "asked" | "other">, seed: number) {
  const of = (half: "validation" | "test") => ({
    asked: Object.fromEntries(
      Object.entries(asked).map(([name, all]) => [
        name,
        all.filter(({ answeredBy }) => halfOf([...answeredBy].sort()[0] ?? "", seed) === half),
      ]),
    ) as Readonly<Record<string, readonly Asked[]>>,
    other: other.filter((text) => halfOf(text, seed) === half),
  });
  return { validation: of("validation"), test: of("test") };
}

/** The lowest score that keeps a share of texts about other things unanswered. */
export function thresholdFor(guess: Guesser, other: readonly string[], recall: number): number {
  const scores = other.map((text) => guess(text)?.score ?? 0).sort((a, b) => a - b);
  const kept = Math.min(scores.length - 1, Math.ceil(scores.length * recall));
  return (scores[kept] ?? 0) + 1e-9;
}

/** The share of texts about other things that are left unanswered. */
export const unanswered = (guess: Guesser, other: readonly string[], threshold: number): number =>
  other.filter((text) => (guess(text)?.score ?? 0) < threshold).length / Math.max(1, other.length);

/** Judges a matcher by questions whose answer is known. */
export function judge(guess: Guesser, asked: readonly Asked[], threshold: number): Verdict {
  let [top1, answered, wrong] = [0, 0, 0];
  for (const { text, answeredBy } of asked) {
    const best = guess(text);
    const right = best !== undefined && answeredBy.has(best.id);
    if (right) top1++;
    if (best && best.score >= threshold) right ? answered++ : wrong++;
  }
  const share = (count: number) => count / Math.max(1, asked.length);
  return {
    asked: asked.length,
    top1: share(top1),
    answered: share(answered),
    wrong: share(wrong),
  };
}
