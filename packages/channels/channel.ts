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
  /** ISO with milliseconds; null where the carrier does not say. */
  readonly at: string | null;
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

/** One HTTP request of a carrier's. */
export interface WebhookRequest {
  readonly method: string;
  /** Where the carrier meant to call: some carriers sign it. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came over the wire: signatures are over these bytes. */
  readonly body: Uint8Array;
}

/** One thing a request brought, for `read` or `readReceipt` to read. */
export interface Brought {
  readonly is: "text" | "receipt";
  readonly raw: string;
  /** When the carrier says it happened (epoch ms); nothing where it does not. */
  readonly at?: number | undefined;
}

/** What a channel makes of a request: what it brought, or why it is turned away, as HTTP says it. */
export type Received =
  | {
      readonly brought: readonly Brought[];
      /** What the carrier wants to be told; nothing in particular when absent. */
      readonly answer?: { readonly type: string; readonly body: string };
    }
  | { readonly turnedAway: 400 | 401 | 403 | 405 | 415; readonly why: string };

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
   * Takes a request of the carrier's, where it calls us by HTTP: checks who sent it, on the bytes as they
   * came, and takes out what it brought. Nothing of it is believed before that.
   */
  readonly receive?: (request: WebhookRequest) => Promise<Received>;
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
export type Reading = Omit<Channel, "send" | "receive">;
