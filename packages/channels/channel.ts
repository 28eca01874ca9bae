/** One text of a customer's, as the carrier's body says. */
export interface Inbound {
  readonly messageId: string;
  readonly business: string;
  readonly customer: string;
  readonly text: string;
  readonly attachments: readonly { name: string; contentType: string; url: string }[];
}

/** What the carrier says became of a text we sent. */
export interface Receipt {
  readonly business: string;
  readonly customer: string;
  readonly carrierId: string;
  /** The effect token we gave the carrier, where it echoes one. */
  readonly token: string | null;
  /** The carrier's own word, such as `TEXT_DELIVERED`. */
  readonly status: string;
  /** `under-way` and final: the carrier has given up finding out, and nobody will ever know. */
  readonly outcome: "under-way" | "delivered" | "undelivered";
  readonly final: boolean;
  /** ISO with milliseconds. */
  readonly at: string;
}

/** One text message to hand to the carrier; already split, at most what one request takes. */
export interface Text {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** For the carrier's events and our logs; carries no number and no text. */
  readonly conversationId: string;
}

/** Every way a carrier says no for good. A channel only translates into it. */
export const refusals = {
  "opted-out": { tellAgent: true },
  "bad-number": { tellAgent: true },
  blocked: { tellAgent: true },
  "too-long": { tellAgent: true },
  "spend-limit": { tellAgent: true },
  misconfigured: { tellAgent: false },
} as const;
export type Refusal = keyof typeof refusals;

export type Sent =
  | { readonly accepted: true; readonly carrierId: string; readonly segments: number }
  | { readonly accepted: false; readonly reason: Refusal };

/**
 * A way customers reach us. It knows one carrier's wire format and nothing about conversations.
 *
 * `send` throws `Retry` when the text surely did not leave (throttled: `counts: false`), `Unsure`
 * when nobody knows (timeout, reset, 5xx after sending), and answers a refusal when the carrier will
 * never take it. The reading methods throw a `DeadLetter` with code `unreadable` on a body that is
 * not the carrier's.
 */
export interface Channel {
  readonly name: string;
  /** Reads the carrier's body of a text, whatever envelope it came in. */
  read(raw: string): Inbound;
  readReceipt(raw: string): Receipt;
  /**
   * The text messages one reply becomes: encoding mended, split and numbered only when needed. None
   * when there is only white space.
   */
  fit(text: string): readonly string[];
  /** Segments the carrier will bill and pace for one text message. */
  segments(text: string): number;
  send(text: Text, token: string, signal: AbortSignal): Promise<Sent>;
}

/** What of a channel reaches nobody. */
export type Reading = Omit<Channel, "send">;
