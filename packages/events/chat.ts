import * as z from "zod";
import { event } from "./event.ts";
import { instant } from "./parties.ts";

/** One item of a Connect chat, whoever heard it: socket or streaming. */
const item = {
  /** Connect's InitialContactId. */
  contactId: z.string(),
  /** Connect's item id; the event's id derives from it. */
  itemId: z.string(),
  /** Connect's AbsoluteTime. */
  at: instant,
};

/** What a queue marker tells. Markers come from role SYSTEM only and never reach the phone. */
const marker = {
  ...item,
  queue: z.string().nullable(),
  state: z.enum(["WAITING", "FULL", "CLOSED", "ABANDONED"]),
  position: z.int().positive().nullable(),
  size: z.int().nonnegative().nullable(),
  oldestSeconds: z.number().nonnegative().nullable(),
};

const participant = {
  ...item,
  role: z.enum(["AGENT", "CUSTOMER", "SYSTEM", "CUSTOM_BOT", "SUPERVISOR"]),
  displayName: z.string(),
};

/** The chat entered a queue: the first marker heard of it. */
export const ChatQueued = event("chat.queued", marker);
/** A later marker: the chat's place, or the queue's state, as it is now. */
export const ChatMoved = event("chat.moved", marker);
/** Somebody joined the chat. */
export const ChatJoined = event("chat.joined", participant);
/** Somebody but the customer said something, or sent a file. */
export const ChatSaid = event("chat.said", {
  ...participant,
  text: z.string(),
  attachments: z.array(z.object({ name: z.string(), contentType: z.string() })),
});
/** Somebody left the chat. Not its end: a transfer looks like this too. */
export const ChatLeft = event("chat.left", participant);
/** The chat is over. */
export const ChatEnded = event("chat.ended", { ...item, reason: z.string() });
