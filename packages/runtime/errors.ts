/** Thrown by a stage or a port: surely not done, not now, ask me again. */
export class Retry extends Error {
  override readonly name = "Retry";
  readonly code: string;
  readonly afterMs: number | undefined;
  /** Being throttled is not an attempt: a retry that does not count is bounded by age alone. */
  readonly counts: boolean;

  constructor(code: string, options: { afterMs?: number; counts?: boolean; cause?: unknown } = {}) {
    super(`retry: ${code}`, { cause: options.cause });
    this.code = code;
    this.afterMs = options.afterMs;
    this.counts = options.counts ?? true;
  }
}

/** Thrown by an effect: nobody knows whether it was done (timeout, reset, 5xx after sending). */
export class Unsure extends Error {
  override readonly name = "Unsure";
  readonly code: string;

  constructor(code: string, options: { cause?: unknown } = {}) {
    super(`unsure: ${code}`, { cause: options.cause });
    this.code = code;
  }
}

/** Thrown by a stage or a port: asking again cannot help; put this event aside for a person. */
export class DeadLetter extends Error {
  override readonly name = "DeadLetter";
  readonly code: string;

  constructor(code: string, options: { cause?: unknown } = {}) {
    super(`dead-lettered: ${code}`, { cause: options.cause });
    this.code = code;
  }
}
