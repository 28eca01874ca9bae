import { type Bucket, type Limit, taken } from "@holdline/runtime";

/** Token buckets in memory: quotas of a process that is alone. */
export function buckets(now: () => number) {
  const all = new Map<string, Bucket>();
  let swept = now();

  /** There is one bucket for each recipient ever texted: those that are full again are forgotten. */
  function sweep(time: number) {
    swept = time;
    for (const [name, { fullAt, waiting }] of all)
      if (fullAt <= time && waiting.every((until) => until <= time)) all.delete(name);
  }

  return {
    /** Answers 0 when taken, else how many milliseconds to wait. */
    take(limit: Limit, cost: number, priority: number): number {
      const time = now();
      if (time - swept > 60_000) sweep(time);
      const { bucket, waitMs } = taken(all.get(limit.name), limit, cost, priority, time);
      all.set(limit.name, bucket);
      return waitMs;
    },
    /** How many are remembered. */
    get size() {
      return all.size;
    },
  };
}
