import type { Limit } from "@holdline/runtime";

interface Bucket {
  tokens: number;
  at: number;
  /** From when on it is the same as a new one. */
  fullAt: number;
  /** Until when somebody of this priority is expected back, by priority. */
  readonly waiting: number[];
}

/** How long a place in the line of waiters is kept beyond the moment they were told to come back. */
const graceMs = 250;

/**
 * Token buckets in memory: quotas of a process that is alone. They start empty of history, which is
 * safe because every quota is enforced by its owner too.
 */
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
    /** Answers 0 when taken, else how many milliseconds to wait. A better priority that waits goes first. */
    take({ name, perSecond, burst }: Limit, cost: number, priority: number): number {
      const time = now();
      if (time - swept > 60_000) sweep(time);
      const bucket = all.get(name) ?? { tokens: burst, at: time, fullAt: time, waiting: [] };
      all.set(name, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) * perSecond) / 1000);
      bucket.at = time;
      const needed = Math.min(cost, burst);
      const outranked = bucket.waiting.some((until, better) => better < priority && until > time);
      if (!outranked && bucket.tokens >= needed) {
        bucket.tokens -= cost;
        bucket.fullAt = time + ((burst - bucket.tokens) * 1000) / perSecond;
        bucket.waiting[priority] = 0;
        return 0;
      }
      const waitMs = Math.ceil(
        (Math.max(needed - bucket.tokens, outranked ? needed : 0) * 1000) / perSecond,
      );
      bucket.waiting[priority] = time + Math.max(1, waitMs) + graceMs;
      return Math.max(1, waitMs);
    },
    /** How many are remembered. */
    get size() {
      return all.size;
    },
  };
}
