import type { Account } from "./index.ts";

/** Operations that only read; every other one consumes write units. */
const reading = new Set(["GetItem", "BatchGetItem", "Query"]);

const units = (capacity: Account["spent"][number]["capacity"], reads: boolean): number =>
  Object.entries(capacity)
    .filter(([operation]) => reading.has(operation) === reads)
    .reduce((sum, [, { units }]) => sum + units, 0);

/** What a story came to, as lines to print: by part, for each event and for each conversation. */
export function accountLines({ events, spent }: Account, conversations: number): readonly string[] {
  const row = (title: string, ...cells: readonly string[]) =>
    `  ${title.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join("")}`;
  const whole = (value: number) => value.toFixed(0);
  const all = { reads: 0, writes: 0, runs: 0, ms: 0 };
  const rows = spent.map(({ title, runs, ms, capacity }) => {
    const [reads, writes] = [units(capacity, true), units(capacity, false)];
    all.reads += reads;
    all.writes += writes;
    all.runs += runs;
    all.ms += ms;
    return row(title, whole(runs), (ms / 1_000).toFixed(1), whole(writes), whole(reads));
  });
  const each = (title: string, among: number) =>
    row(
      title,
      (all.runs / among).toFixed(2),
      (all.ms / 1_000 / among).toFixed(2),
      (all.writes / among).toFixed(2),
      (all.reads / among).toFixed(2),
    );
  return [
    `${events} events, and what they took (write and read units as DynamoDB bills them):`,
    row("", "runs", "seconds", "writes", "reads"),
    ...rows,
    row("all", whole(all.runs), (all.ms / 1_000).toFixed(1), whole(all.writes), whole(all.reads)),
    each("an event", Math.max(1, events)),
    each("a conversation", conversations),
  ];
}
