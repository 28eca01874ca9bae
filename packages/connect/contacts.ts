/** What a chat contact is opened with. */
export interface Opening {
  readonly conversationId: string;
  readonly channel: string;
  readonly business: string;
  readonly customer: string;
  readonly language: string;
  readonly secondsWaited: number;
  /** The customer's text to open with (StartChatContact's InitialMessage), at most 1,024 characters. */
  readonly text: string | null;
}

export type Opened =
  | { readonly opened: true; readonly contactId: string }
  | { readonly opened: false; readonly reason: string; readonly willRetry: boolean };

export type Relayed =
  | { readonly sent: true; readonly itemId: string }
  | { readonly sent: false; readonly reason: "contact-ended" | "not-valid" };

/**
 * Amazon Connect as the customer of a chat sees it: one chat opened, spoken into, left.
 *
 * Every call is idempotent by `token` (Connect's ClientToken), so repeating one is harmless. Throws
 * `Retry` on throttling (`counts: false`), 5xx and timeouts. Credentials stay inside: they are kept in
 * the contact book and never returned. `say` refreshes the credentials once on a 403; a second 403
 * means the chat is over.
 */
export interface Contacts {
  open(opening: Opening, token: string, signal: AbortSignal): Promise<Opened>;
  /** Sends one text of at most `limit` characters. */
  say(contactId: string, text: string, token: string, signal: AbortSignal): Promise<Relayed>;
  /** Leaves the chat on the customer's behalf (STOP, idle). A chat that is over already is fine. */
  leave(contactId: string, token: string, signal: AbortSignal): Promise<void>;
  /** The parts a long text becomes for `say`: split at words, never inside a character. */
  fit(text: string): readonly string[];
}
