import type { Limit } from "@holdline/runtime";

interface Bucket {
  tokens: number;
  at: number;
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
  return {
    /** Answers 0 when taken, else how many milliseconds to wait. A better priority that waits goes first. */
    take({ name, perSecond, burst }: Limit, cost: number, priority: number): number {
      const time = now();
      const bucket = all.get(name) ?? { tokens: burst, at: time, waiting: [] };
      all.set(name, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) * perSecond) / 1000);
      bucket.at = time;
      const needed = Math.min(cost, burst);
      const outranked = bucket.waiting.some((until, better) => better < priority && until > time);
      if (!outranked && bucket.tokens >= needed) {
        bucket.tokens -= cost;
        bucket.waiting[priority] = 0;
        return 0;
      }
      const waitMs = Math.ceil(
        (Math.max(needed - bucket.tokens, outranked ? needed : 0) * 1000) / perSecond,
      );
      bucket.waiting[priority] = time + Math.max(1, waitMs) + graceMs;
      return Math.max(1, waitMs);
    },
    /** Buckets that are full again are the same as new ones. */
    sweep() {
      const time = now();
      for (const [name, { at }] of all) if (time - at > 60_000) all.delete(name);
    },
  };
}
