import * as z from "zod";
import { event } from "./event.ts";
import { parties } from "./parties.ts";

const answered = { ...parties, messageId: z.string(), question: z.string() };

/** The bot had an answer. Whether it goes to the phone or to the agent is classify's to say. */
export const BotAnswered = event("bot.answered", {
  ...answered,
  intent: z.string(),
  score: z.number().nullable(),
  text: z.string(),
});

/** The bot had no answer and says so. */
export const BotStumped = event("bot.stumped", {
  ...answered,
  /** kebab-case: `fallback`, `no-message`, `bot-failed`. */
  reason: z.string(),
});
