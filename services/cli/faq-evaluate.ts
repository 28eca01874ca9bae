import { trialIn } from "../faq/evaluate/data.ts";
import { type Result, results } from "../faq/evaluate/report.ts";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);

/** Prints how good the matcher is at questions nobody here wrote, with the floor beside it. */
export function runEvaluate(options: {
  readonly data: string;
  readonly seed: number;
  readonly recall: number;
  readonly json?: boolean;
}): void {
  const trial = trialIn(options.data);
  const all = results(trial, options);
  if (options.json) {
    console.log(JSON.stringify({ pairs: trial.pairs.length, results: all }, null, 2));
    return;
  }
  console.log(
    `${trial.pairs.length} pairs; thresholds chosen on one half (seed ${options.seed}) to leave ${percent(options.recall).trim()} of texts about other things unanswered; figures of the other half`,
  );
  const row = (name: string, of: (result: Result) => string) =>
    console.log(`${name.padEnd(56)}${all.map((result) => of(result).padStart(10)).join("")}`);
  row("", ({ matcher }) => matcher);
  for (const name of Object.keys(all[0]?.sets ?? {})) {
    const verdict = (result: Result) => result.sets[name];
    console.log(`${name}: ${all[0]?.sets[name]?.asked ?? 0} questions`);
    row("  top-1 is right", (result) => percent(verdict(result)?.top1 ?? 0));
    row("  answered, and right", (result) => percent(verdict(result)?.answered ?? 0));
    row("  the same, with half of what was taken out unanswered", ({ answeredIfWary }) =>
      percent(answeredIfWary[name] ?? 0),
    );
    row("  answered, and another pair than was meant", (result) =>
      percent(verdict(result)?.wrong ?? 0),
    );
  }
  row("texts about other things, left unanswered", ({ otherUnanswered }) =>
    percent(otherUnanswered),
  );
  row("questions whose pairs were taken out, left unanswered", ({ removedUnanswered }) =>
    percent(removedUnanswered),
  );
  row(
    `${trial.unlabelled.length} real questions nobody labelled, answered`,
    ({ unlabelledAnswered }) => percent(unlabelledAnswered),
  );
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  row("a question takes, median", ({ milliseconds }) => ms(milliseconds.p50));
  row("a question takes, 99 of 100 at most", ({ milliseconds }) => ms(milliseconds.p99));
  row("made in", ({ milliseconds }) => ms(milliseconds.built));
  row("memory", ({ megabytes }) => `${megabytes.toFixed(1)} MB`);
}
