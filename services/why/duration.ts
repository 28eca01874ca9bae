const units = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A time span as a person says it: `12 ms`, `3.4 s`, `2 h`. */
export function duration(ms: number): string {
  const [unit, size] = units.find(([, size]) => Math.abs(ms) >= size) ?? ["ms", 1];
  const count = ms / size;
  return `${unit !== "ms" && Math.abs(count) < 10 ? count.toFixed(1) : Math.round(count)} ${unit}`;
}
