import type { Limit } from "./state-store.ts";

/** A token bucket: what is left of a quota, and who waits for it. */
export interface Bucket {
  readonly tokens: number;
  /** When it was last looked at (epoch ms). */
  readonly at: number;
  /** From when on it is the same as a new one. */
  readonly fullAt: number;
  /** Until when somebody of this priority is expected back, by priority. */
  readonly waiting: readonly number[];
}

/** How long a place in the line of waiters is kept beyond the moment they were told to come back. */
const graceMs = 250;

/**
 * Takes `cost` from a bucket, as a pure function: the bucket afterwards, and 0 when it was taken, else how
 * many milliseconds to wait. A better (lower) priority that waits goes first. A bucket nobody has
 * used starts full, which is safe because every quota is enforced by its owner too.
 */
export function taken(
  bucket: Bucket | undefined,
  { perSecond, burst }: Limit,
  cost: number,
  priority: number,
  now: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const before = bucket ?? { tokens: burst, at: now, fullAt: now, waiting: [] };
  const tokens = Math.min(burst, before.tokens + ((now - before.at) * perSecond) / 1000);
  const waiting = [...before.waiting];
  const needed = Math.min(cost, burst);
  const outranked = waiting.some((until, better) => better < priority && until > now);
  if (!outranked && tokens >= needed) {
    const left = tokens - cost;
    waiting[priority] = 0;
    const fullAt = now + ((burst - left) * 1000) / perSecond;
    return { bucket: { tokens: left, at: now, fullAt, waiting: filled(waiting) }, waitMs: 0 };
  }
  const missing = Math.max(needed - tokens, outranked ? needed : 0);
  const waitMs = Math.max(1, Math.ceil((missing * 1000) / perSecond));
  waiting[priority] = now + waitMs + graceMs;
  return { bucket: { ...before, tokens, at: now, waiting: filled(waiting) }, waitMs };
}

/** JSON has no holes in arrays. */
const filled = (waiting: readonly (number | undefined)[]): number[] =>
  Array.from(waiting, (until) => until ?? 0);
