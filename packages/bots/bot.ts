export interface Question {
  /** Opaque, no phone number in it; one conversation with the bot. */
  readonly sessionId: string;
  /** The customer's text, whole; the adapter fits it to its own limit. */
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
}

export type Answer =
  | {
      readonly answered: true;
      readonly intent: string;
      readonly score: number | null;
      readonly text: string;
    }
  | { readonly answered: false; readonly reason: "fallback" | "no-message" | "bot-failed" };

/**
 * Answers a text, or honestly does not.
 *
 * Asking twice is harmless. Throws `Retry` when the bot is busy with this session (409) or throttled
 * (`counts: false`), and on timeouts and 5xx; a failed dependency of the bot is the answer `bot-failed`.
 */
export interface Bot {
  readonly name: string;
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}
