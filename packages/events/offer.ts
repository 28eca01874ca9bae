import * as z from "zod";
import { event } from "./event.ts";
import { language, parties } from "./parties.ts";

/** A caller chose to go on by text. Said by the opt-in door, which the voice flow invokes. */
export const OfferMade = event("offer.made", {
  ...parties,
  /** The Connect contact of the call; opt-in is idempotent by it. */
  voiceContactId: z.string(),
  queue: z.string(),
  /** Seconds the caller has waited already; the chat's place honours them. */
  secondsWaited: z.number().nonnegative(),
  estimatedWaitSeconds: z.number().nonnegative(),
  language,
});
