import * as z from "zod";
import { event } from "./event.ts";
import { parties } from "./parties.ts";

const consent = {
  ...parties,
  /** What the customer was shown, and the version of that wording. */
  wording: z.string(),
  wordingVersion: z.string(),
  /** The customer's own words; empty when we asked. */
  words: z.string(),
};

/** The customer was offered to go on by text. */
export const ConsentAsked = event("consent.asked", consent);
/** The customer said yes, having been asked. */
export const ConsentGiven = event("consent.given", consent);
/** The customer said no, or never answered. */
export const ConsentDeclined = event("consent.declined", consent);
/** The customer said STOP. Only START undoes it. */
export const ConsentWithdrawn = event("consent.withdrawn", {
  ...consent,
  /** Who keeps the list: we, or the carrier (`optOut: aws`). */
  keptBy: z.enum(["self", "aws"]),
});
