import * as z from "zod";
import { event } from "./event.ts";
import { language, parties } from "./parties.ts";

/** A chat contact should be open. Said by classify and by nobody else. */
export const ContactWanted = event("contact.wanted", {
  ...parties,
  /** The customer's text to open with, and its id; nothing when the customer only said yes. */
  opening: z.object({ messageId: z.string(), text: z.string() }).nullable(),
  secondsWaited: z.number().nonnegative(),
  language,
  /** 0 for the first try; a contact refused for now is wanted again later. */
  nth: z.int().nonnegative(),
});

/** Connect opened a contact. Its credentials are with `packages/connect`, never in an event. */
export const ContactOpened = event("contact.opened", {
  ...parties,
  /** Connect's InitialContactId. */
  contactId: z.string(),
});

/** Connect would not open a contact. */
export const ContactRefused = event("contact.refused", {
  ...parties,
  reason: z.string(),
  willRetry: z.boolean(),
  opening: z.object({ messageId: z.string(), text: z.string() }).nullable(),
  nth: z.int().nonnegative(),
});
