import {
  LexRuntimeServiceClient,
  PostTextCommand,
  type PostTextCommandOutput,
} from "@aws-sdk/client-lex-runtime-service";
import * as z from "zod";
import type { Answer, Bot } from "./bot.ts";
import { failedAnswer } from "./lex-errors.ts";
import { checkedOptions, lexFixes, lexOptions } from "./lex-options.ts";
import { fitQuestion, fitSession } from "./lex-terms.ts";
import { cardText, messageText } from "./plain-text.ts";

// Letters and single underscores (Lex V1 developer guide): a digit in a name is a mistake.
const Options = z.object({
  ...lexOptions,
  botName: z
    .string()
    .max(50)
    .regex(/^([A-Za-z]_?){2,}$/),
  botAlias: z
    .string()
    .max(100)
    .regex(/^(\$LATEST|([A-Za-z]_?)+)$/),
});

const fixes = {
  ...lexFixes,
  botName: "the bot's name: letters and single underscores",
  botAlias: "the alias's name: letters and single underscores, or $LATEST",
};

/** What `lexV1` is told: which bot, and how sure it must be. */
export type LexV1Options = z.input<typeof Options>;

/** Amazon Lex V1, asked with `PostText`; the service ended on 2025-09-15, private endpoints may not have. */
export function lexV1(options: LexV1Options): Bot {
  const settings = checkedOptions("lex-v1", Options, options, fixes);
  // One attempt: the runtime retries, and knows how long a customer has waited.
  const client = new LexRuntimeServiceClient({ ...settings.client, maxAttempts: 1 });

  return {
    name: settings.name ?? "lex-v1",
    async ask(question, signal) {
      const inputText = fitQuestion(question.text);
      if (inputText === "") return { answered: false, reason: "fallback" };
      const command = new PostTextCommand({
        botName: settings.botName,
        botAlias: settings.botAlias,
        userId: fitSession(question.sessionId),
        inputText,
      });
      const timeout = AbortSignal.timeout(settings.requestTimeoutMs);
      const abortSignal = AbortSignal.any([signal, timeout]);
      let output: PostTextCommandOutput;
      try {
        output = await client.send(command, { abortSignal });
      } catch (error) {
        return failedAnswer(error);
      }
      return answerOf(output, settings);
    },
  };
}

function answerOf(
  output: PostTextCommandOutput,
  {
    fallbackIntents,
    minScore,
  }: { fallbackIntents: readonly string[]; minScore?: number | undefined },
): Answer {
  const { intentName, nluIntentConfidence, slots, message, messageFormat, responseCard } = output;
  // Without an intent the message is the clarification prompt: V1 has not understood.
  if (!intentName || fallbackIntents.includes(intentName))
    return { answered: false, reason: "fallback" };

  const score = nluIntentConfidence?.score ?? null;
  // A dialogue under way is not judged again: the score of "4711" says nothing about the intent.
  const underWay = Object.values(slots ?? {}).some((slot) => slot != null);
  if (minScore !== undefined && score !== null && score < minScore && !underWay)
    return { answered: false, reason: "fallback" };

  const cards = (responseCard?.genericAttachments ?? []).map(({ title, subTitle, buttons }) =>
    cardText({ title, subtitle: subTitle, buttons }),
  );
  const text = [...spoken(messageFormat, message ?? ""), ...cards]
    .filter((line) => line !== "")
    .join("\n");
  if (text === "") return { answered: false, reason: "no-message" };
  return { answered: true, intent: intentName, score, text };
}

const Composite = z.object({
  messages: z.array(z.object({ type: z.string().optional(), value: z.string() })),
});

/** `Composite` is several messages, one of each group, as JSON in the one string there is. */
function spoken(format: string | undefined, message: string): readonly string[] {
  if (format !== "Composite") return [messageText(format, message)];
  try {
    const { messages } = Composite.parse(JSON.parse(message));
    return messages.map(({ type, value }) => messageText(type, value));
  } catch {
    // The inner shape is not in the reference; rather no answer than JSON on a phone.
    return [];
  }
}
