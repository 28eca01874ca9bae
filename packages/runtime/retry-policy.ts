/** How long and how often a stage is asked again before an event is dead-lettered. */
export interface RetryPolicy {
  /** Attempts that may fail before the event is dead-lettered. Being throttled is not an attempt. */
  readonly attempts: number;
  /** An event older than this is dead-lettered instead of being asked about again. */
  readonly maxAgeMs: number;
  /** Longer than any one request, shorter than the transport's own patience. */
  readonly leaseMs: number;
  /** The longest one effect may take; an effect is not begun with less lease left. */
  readonly requestTimeoutMs: number;
  /**
   * How long a missing predecessor is waited for. A transport brings what was lost with a process when
   * its visibility timeout is over (60 s), so this is twice that, and what a run may take.
   */
  readonly gapMs: number;
  backoffMs(attempt: number): number;
}

/** The default: eight attempts over about two minutes, throttled events for a day. */
export function retryPolicy(given: Partial<RetryPolicy> & { speed?: number } = {}): RetryPolicy {
  const { speed = 1, ...rest } = given;
  return {
    attempts: 8,
    maxAgeMs: 24 * 3_600_000,
    leaseMs: 15_000,
    requestTimeoutMs: 6_000,
    gapMs: 150_000 / speed,
    backoffMs: (attempt) => Math.min(30_000, 250 * 2 ** Math.min(attempt, 20)) / speed,
    ...rest,
  };
}
