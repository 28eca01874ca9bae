import * as z from "zod";
import { event } from "./event.ts";
import { parties } from "./parties.ts";

const relayed = { ...parties, contactId: z.string(), messageId: z.string() };

/** A text reached the agent's chat; one Connect item id for each part. */
export const RelaySent = event("relay.sent", { ...relayed, itemIds: z.array(z.string()) });

/** Connect would not take a text. The text comes back whole, so that it is not lost. */
export const RelayRefused = event("relay.refused", {
  ...relayed,
  /** kebab-case: `contact-ended`, `not-valid`. */
  reason: z.string(),
  text: z.string(),
});
