import type { Brought, Inbound, Receipt, Received, Sent, WebhookRequest } from "./channel.ts";

/** What the carrier answers to one request, as bytes on the wire. */
export interface CarrierAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What `send` then owes: an answer, or an error and whether it counts. */
export type SendOutcome =
  | { readonly sent: Sent }
  | { readonly retry: string; readonly counts: boolean }
  | { readonly unsure: string };

/** All a carrier may say, and what a channel makes of it: the table its contract test runs through. */
export interface ChannelCases {
  readonly texts: readonly {
    readonly name: string;
    readonly raw: string;
    readonly inbound: Inbound;
  }[];
  readonly receipts: readonly {
    readonly name: string;
    readonly raw: string;
    readonly receipt: Receipt;
  }[];
  /** Bodies neither reading method may accept. */
  readonly unreadable: readonly { readonly name: string; readonly raw: string }[];
  /** One text each, sent while the carrier answers so. */
  readonly answers: readonly {
    readonly name: string;
    readonly answer: CarrierAnswer;
    readonly outcome: SendOutcome;
  }[];
  /** An answer of the carrier's that accepts a text. */
  readonly accepting: CarrierAnswer;
  /** Requests of the carrier's, and of those who only say so; for a channel that takes any. */
  readonly requests?: readonly ({ readonly name: string; readonly request: WebhookRequest } & (
    | { readonly received: readonly Brought[] }
    | { readonly turnedAway: Extract<Received, { turnedAway: number }>["turnedAway"] }
  ))[];
}
