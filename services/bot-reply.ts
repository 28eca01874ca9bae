import { BotAnswered, BotStumped, MessageClassified } from "@holdline/events";
import { type Once, stage } from "@holdline/runtime";
import type { Ports } from "./ports.ts";

/** Asks the bot what it would answer. Whether the customer hears it is classify's to say. */
export const botReply = stage({
  name: "bot-reply",
  calls: ["bot"],
  on: [MessageClassified],
  emits: [BotAnswered, BotStumped],
  // A customer is waiting: after four failures over a few seconds honesty is better than patience.
  retry: { attempts: 4, maxAgeMs: 120_000 },

  async run(
    { data, key },
    { bot, settings, once }: Pick<Ports, "bot" | "settings"> & { once: Once },
  ) {
    if (data.route !== "bot") return [];
    const { conversationId, channel, business, customer, messageId, text } = data;
    const language = settings.number(business)?.language ?? "en-US";
    const question = { sessionId: key, text, language };
    const answer = await once("ask", (_, signal) => bot(business).ask(question, signal), {
      ifUnsure: "retry",
    });
    const about = { conversationId, channel, business, customer, messageId, question: text };
    if (!answer.answered) return [BotStumped({ ...about, reason: answer.reason })];
    const { intent, score } = answer;
    return [BotAnswered({ ...about, intent, score, text: answer.text })];
  },
});
