import * as z from "zod";
import type { Receipt } from "../channel.ts";
import { type Reading, throttled } from "../verdict.ts";

/**
 * The fixed facts of Twilio's Programmable Messaging, as data. Sources: Twilio's documentation, "Twilio's
 * request to your incoming message webhook URL", "Outbound message status in status callbacks", "Message
 * resource" and "Error and warning dictionary".
 */

/** `Body` of a Message: "up to 1,600 characters". */
export const maxChars = 1_600;

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/);
/** Ours may also be a short code. */
const ours = z.string().regex(/^\+?[1-9]\d{2,14}$/);
const sid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/i);

/** A customer's text. A status callback has `MessageStatus`, this has not. */
export const IncomingMessage = z.compile(
  z.object({
    MessageSid: sid,
    From: phone,
    To: ours,
    Body: z.string(),
    NumMedia: z.coerce.number().int().min(0).max(10).default(0),
    MessageStatus: z.undefined().optional(),
  }),
);

/** What became of a text of ours. The token is in the query of the URL that we gave. */
export const StatusCallback = z.compile(
  z.object({
    MessageSid: sid,
    MessageStatus: z.string().min(1).max(40),
    From: ours,
    To: phone,
    token: z.string().min(1).max(200).optional(),
  }),
);

/** `MessageStatus`, and whether another can follow. One not listed is under way: new ones come. */
export const statuses: Readonly<Record<string, Pick<Receipt, "outcome" | "final">>> = {
  delivered: { outcome: "delivered", final: true },
  read: { outcome: "delivered", final: true },
  undelivered: { outcome: "undelivered", final: true },
  failed: { outcome: "undelivered", final: true },
  canceled: { outcome: "undelivered", final: true },
};

/** What the Message resource answers when it takes a text. */
export const Accepted = z.compile(z.object({ sid }));

/** What it answers when it does not. */
export const Refused = z.compile(z.object({ code: z.int() }));

/** `code` of an error, where it says more than the HTTP status. */
export const errorCodes: Readonly<Record<number, Reading>> = {
  21610: { refused: "opted-out" },
  21211: { refused: "bad-number" },
  21614: { refused: "bad-number" },
  21635: { refused: "bad-number" },
  21408: { refused: "blocked" },
  21612: { refused: "blocked" },
  21605: { refused: "too-long" },
  21617: { refused: "too-long" },
  63038: { refused: "spend-limit" },
  // The number's own queue is full: it empties at the pace of the carrier.
  21611: throttled,
  20429: throttled,
  // Credentials are mended by somebody, and nothing was sent: worth waiting for.
  20003: { retry: "carrier-credentials", counts: true },
};
