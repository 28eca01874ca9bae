import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** The value below which a share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints figures, a line each, and writes them with the machine's description to `bench-results/`. */
export function report(name: string, figures: Readonly<Record<string, number | string>>): void {
  for (const [figure, value] of Object.entries(figures))
    console.log(`${figure.padEnd(44)} ${typeof value === "number" ? rounded(value) : value}`);
  mkdirSync("bench-results", { recursive: true });
  const file = `bench-results/${name}.json`;
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const at = new Date().toISOString();
  writeFileSync(file, `${JSON.stringify({ at, machine, figures }, null, 2)}\n`);
  console.log(`written to ${file}`);
}

const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
