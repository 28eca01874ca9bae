/** How much more one contender took than the other, in percent: over pairs of runs that stood side by side. */
export interface Overhead {
  readonly median: number;
  /** Half of the pairs are between these. */
  readonly middle: readonly [from: number, to: number];
}

/** Of each pair its own ratio, then the middle of these: what slows the machine down slows both down. */
export function overhead(ours: readonly number[], bare: readonly number[]): Overhead {
  const percents = ours.map((cost, n) => 100 * (cost / (bare[n] ?? Number.NaN) - 1));
  const sorted = percents.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    middle: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
  };
}

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** Between two values where the share falls between them. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below, above] = [Math.floor(place), Math.ceil(place)];
  const [low = Number.NaN, high = Number.NaN] = [sorted[below], sorted[above]];
  return low + (high - low) * (place - below);
}
