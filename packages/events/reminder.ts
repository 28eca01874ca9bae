import * as z from "zod";
import { event } from "./event.ts";
import { parties } from "./parties.ts";

/** A time classify wanted to be woken at has come. Stages have no clock; this is how they wait. */
export const ReminderDue = event("reminder.due", {
  ...parties,
  about: z.enum(["offer-expiry", "yes-unanswered", "idle-close", "contact-retry"]),
  /** What it was set for; a reminder of something that is over is ignored. */
  token: z.string(),
});
