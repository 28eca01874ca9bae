import {
  LexRuntimeV2Client,
  RecognizeTextCommand,
  type RecognizeTextCommandOutput,
} from "@aws-sdk/client-lex-runtime-v2";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as z from "zod";
import type { Answer, Bot } from "./bot.ts";
import { failedAnswer } from "./lex-errors.ts";
import { checkedOptions, lexFixes, lexOptions } from "./lex-options.ts";
import { fitQuestion, fitSession } from "./lex-terms.ts";
import { cardText, messageText } from "./plain-text.ts";

// The patterns of the service model lexv2-runtime 2020-08-07.
const Options = z.object({
  ...lexOptions,
  botId: z.string().regex(/^[0-9a-zA-Z]{10}$/),
  botAliasId: z.string().regex(/^(TSTALIASID|[0-9a-zA-Z]{10})$/),
  /** The one locale the bot has; unset, the language of each question names it (`en-US`: `en_US`). */
  localeId: z
    .string()
    .regex(/^[a-z]{2,3}_([A-Z]{2}|\d{3})$/)
    .optional(),
});

const fixes = {
  ...lexFixes,
  botId: "the ten letters and digits Lex shows as the bot's ID, not its name",
  botAliasId: "the alias's ID (ten letters and digits), or TSTALIASID for the draft",
  localeId: "such as `en_US`, or leave it out",
};

/** What `lexV2` is told: which bot, and how sure it must be. */
export type LexV2Options = z.input<typeof Options>;

/** Amazon Lex V2, asked with `RecognizeText`. */
export function lexV2(options: LexV2Options): Bot {
  const settings = checkedOptions("lex-v2", Options, options, fixes);
  // The V2 client speaks HTTP/2 unless told otherwise, for the sake of StartConversation, which we do
  // not use. RecognizeText is plain HTTP, which proxies and endpoints other than AWS's speak too.
  const { requestHandler = new NodeHttpHandler() } = settings.client;
  // One attempt: the runtime retries, and knows how long a customer has waited.
  const client = new LexRuntimeV2Client({ ...settings.client, requestHandler, maxAttempts: 1 });

  return {
    name: settings.name ?? "lex-v2",
    async ask(question, signal) {
      const text = fitQuestion(question.text);
      if (text === "") return { answered: false, reason: "fallback" };
      const command = new RecognizeTextCommand({
        botId: settings.botId,
        botAliasId: settings.botAliasId,
        localeId: settings.localeId ?? question.language.replace("-", "_"),
        sessionId: fitSession(question.sessionId),
        text,
      });
      const timeout = AbortSignal.timeout(settings.requestTimeoutMs);
      const abortSignal = AbortSignal.any([signal, timeout]);
      let output: RecognizeTextCommandOutput;
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
  { messages = [], sessionState, interpretations = [] }: RecognizeTextCommandOutput,
  {
    fallbackIntents,
    minScore,
  }: { fallbackIntents: readonly string[]; minScore?: number | undefined },
): Answer {
  const intent = sessionState?.intent ?? interpretations[0]?.intent;
  // No intent at all is a bot that asks back ("which of these?"): it has not understood yet.
  if (!intent?.name || fallbackIntents.includes(intent.name))
    return { answered: false, reason: "fallback" };

  const interpretation = interpretations.find((one) => one.intent?.name === intent.name);
  const score = interpretation?.nluConfidence?.score ?? null;
  // A dialogue under way is not judged again: the score of "4711" says nothing about the intent.
  const underWay = Object.values(intent.slots ?? {}).some((slot) => slot != null);
  if (minScore !== undefined && score !== null && score < minScore && !underWay)
    return { answered: false, reason: "fallback" };

  const text = messages
    .map(({ contentType, content, imageResponseCard }) =>
      imageResponseCard ? cardText(imageResponseCard) : messageText(contentType, content ?? ""),
    )
    .filter((line) => line !== "")
    .join("\n");
  if (text === "") return { answered: false, reason: "no-message" };
  return { answered: true, intent: intent.name, score, text };
}
