import * as z from "zod";

/** What the bot's answers are kept by. */
export const FaqSettings = z.strictObject({
  /** What of a sync waits for a person's word before it is answered: nothing, changed answers, or all. */
  review: z.enum(["none", "changed", "all"]).default("none"),
  /** The pages that a deployment on AWS reads by itself. */
  pages: z.array(z.url({ protocol: /^https?$/ })).default([]),
  /** Whether pages may be at addresses that are not on the public internet. */
  allowPrivate: z.boolean().default(false),
  /** How often it does. */
  everyHours: z.int().min(1).max(168).default(24),
});
export type FaqSettings = z.output<typeof FaqSettings>;
