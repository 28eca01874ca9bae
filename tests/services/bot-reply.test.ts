import type { Answer, Question } from "@holdline/bots";
import { BotAnswered, BotStumped } from "@holdline/events";
import { DeadLetter, Retry } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { botReply } from "../../services/bot-reply.ts";
import { about, classified } from "../support/conversation.ts";
import { knowing, withNumber } from "../support/settings.ts";
import { told } from "../support/told.ts";

const answering = (answer: () => Promise<Answer>, given = {}) => {
  const asked: { business: string; question: Question }[] = [];
  const bot = (business: string) => ({
    name: "bot",
    ask(question: Question) {
      asked.push({ business, question });
      return answer();
    },
  });
  return { ports: { ...knowing(given), bot }, asked };
};
const knows = async (): Promise<Answer> => ({
  ...{ answered: true, intent: "Hours", score: 0.9, text: "At nine." },
});
const question = classified("when?", "bot", "waiting");
const answered = { ...about, messageId: "m:when?", question: "when?" };

describe("bot-reply", () => {
  it("says what the bot of the business number answers", async () => {
    const { ports, asked } = answering(knows, withNumber({ language: "es-US" }));
    const { said } = await told(botReply, ports, question);
    expect(said).toEqual([
      BotAnswered({ ...answered, intent: "Hours", score: 0.9, text: "At nine." }),
    ]);
    expect(asked).toEqual([
      {
        business: about.business,
        question: { sessionId: "c-1", text: "when?", language: "es-US" },
      },
    ]);
  });

  it.each(["fallback", "no-message", "bot-failed"] as const)(
    "says that the bot had no answer: %s",
    async (reason) => {
      const { ports } = answering(async () => ({ answered: false, reason }));
      const { said } = await told(botReply, ports, question);
      expect(said).toEqual([BotStumped({ ...answered, reason })]);
    },
  );

  it.each(["agent", "nobody"] as const)("asks nothing of a text for %s", async (route) => {
    const { ports, asked } = answering(knows);
    const { said } = await told(botReply, ports, classified("hi", route, "any"));
    expect([said, asked]).toEqual([[], []]);
  });

  it("leaves a busy bot and a bot that is not there to the runtime", async () => {
    const fails = (error: Error) =>
      told(botReply, answering(() => Promise.reject(error)).ports, question);
    await expect(fails(new Retry("bot-conflict"))).rejects.toThrow("bot-conflict");
    await expect(fails(new DeadLetter("bot-misconfigured"))).rejects.toThrow("bot-misconfigured");
  });
});
