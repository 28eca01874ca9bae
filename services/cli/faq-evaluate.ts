import { trialIn } from "../faq/evaluate/data.ts";
import { type Outcome, type Result, results } from "../faq/evaluate/report.ts";

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
  console.log(`${trial.pairs.length} pairs; figures of the half that no threshold was chosen on`);
  const row = (name: string, of: (result: Result) => string) =>
    console.log(`${name.padEnd(56)}${all.map((result) => of(result).padStart(10)).join("")}`);
  row("", ({ matcher }) => matcher);
  const sets = Object.entries(all[0]?.bold.sets ?? {});
  for (const [name, { asked }] of sets)
    row(`${name}: of ${asked}, top-1 is right`, ({ bold }) => percent(bold.sets[name]?.top1 ?? 0));
  const block = (title: string, of: (result: Result) => Outcome) => {
    console.log(title);
    for (const [name] of sets) {
      row(`  ${name}: answered, and right`, (result) =>
        percent(of(result).sets[name]?.answered ?? 0),
      );
      row("    answered, and another pair than was meant", (result) =>
        percent(of(result).sets[name]?.wrong ?? 0),
      );
    }
    row("  texts about other things, left unanswered", (result) =>
      percent(of(result).otherUnanswered),
    );
    row("  questions whose pairs were taken out, left unanswered", (result) =>
      percent(of(result).removedUnanswered),
    );
    row(`  ${trial.unlabelled.length} real questions nobody labelled, answered`, (result) =>
      percent(of(result).unlabelledAnswered),
    );
  };
  block(
    `${percent(options.recall).trim()} of texts about other things unanswered (chosen with seed ${options.seed})`,
    ({ bold }) => bold,
  );
  block("half of the questions whose pairs were taken out unanswered", ({ wary }) => wary);
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  row("a question takes, median", ({ milliseconds }) => ms(milliseconds.p50));
  row("a question takes, 99 of 100 at most", ({ milliseconds }) => ms(milliseconds.p99));
  row("made in", ({ milliseconds }) => ms(milliseconds.built));
  row("memory", ({ megabytes }) => `${megabytes.toFixed(1)} MB`);
}
