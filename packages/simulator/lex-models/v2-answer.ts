import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { World } from "../world.ts";
import { recognizers } from "./recognizer.ts";
import type { Built, V2Store } from "./v2-store.ts";

/** A text for a bot that was built here. */
export interface V2Question {
  readonly botId: string;
  readonly botAliasId: string;
  readonly localeId: string;
  readonly sessionId: string;
  readonly text: string;
  readonly sessionAttributes: Readonly<Record<string, string>>;
  readonly requestAttributes: Readonly<Record<string, string>>;
}

/** Answers for the bots that were built here; nothing for a bot that was not. */
export type V2Answerer = (question: V2Question) => Promise<object> | undefined;

// The shape of the Lex V2 developer guide; what else a function says is not looked at.
const HookAnswer = z.looseObject({
  sessionState: z.looseObject({
    sessionAttributes: z.record(z.string(), z.string()).nullish(),
    dialogAction: z.looseObject({ type: z.string() }),
    intent: z.looseObject({ name: z.string(), state: z.string() }),
  }),
  messages: z
    .array(z.looseObject({ contentType: z.string(), content: z.string().min(1).max(1_024) }))
    .max(10)
    .nullish(),
});

/** The draft's own alias. */
const testAlias = "TSTALIASID";
// Lex gives a function 30 s.
const hookLimitMs = 30_000;

/** Asks the bots that the store has. */
export function v2Answerer(world: World, store: V2Store): V2Answerer {
  const recognizer = recognizers();

  /** What an alias answers from, its key for the cache, and whom it invokes. */
  function behind({ botId, botAliasId, localeId }: V2Question) {
    const alias = store.aliases.get(`${botId}/${botAliasId}`);
    const botVersion = botAliasId === testAlias ? "DRAFT" : (alias?.given.botVersion ?? "");
    const settings = alias?.given.botAliasLocaleSettings?.[localeId];
    const lambda = settings?.codeHookSpecification?.lambdaCodeHook.lambdaARN;
    const missing = (what: string) => new AwsError("ResourceNotFoundException", 404, what);
    if (botVersion === "DRAFT") {
      const { builtAt, given } = store.locale(botId, "DRAFT", localeId);
      if (builtAt === undefined) throw missing(`Locale ${localeId} was never built.`);
      const intents = store.intentsOf(botId, localeId).map((intent) => intent.given);
      const built = { threshold: given.nluIntentConfidenceThreshold, intents };
      return { built, key: `${botId}/DRAFT/${localeId}/${builtAt}`, botVersion, alias, lambda };
    }
    if (!alias) throw missing(`There is no alias ${botAliasId}.`);
    const built = store.versions.get(`${botId}/${botVersion}`)?.locales[localeId];
    if (!built || settings?.enabled === false) throw missing(`There is no locale ${localeId}.`);
    return { built, key: `${botId}/${botVersion}/${localeId}`, botVersion, alias, lambda };
  }

  async function answer(question: V2Question): Promise<object> {
    const { built, key, botVersion, alias, lambda } = behind(question);
    const terms = { key, locale: question.localeId, threshold: built.threshold };
    const match = recognizer(terms, () => phrased(built))(question.text);
    const fallback = { name: "FallbackIntent", slots: {} };
    const name = match?.intent ?? fallback.name;
    const ready = { name, slots: {}, state: "ReadyForFulfillment", confirmationState: "None" };
    const given = built.intents.find(({ intentName }) => intentName === name);
    const interpretations = [
      ...(match
        ? [{ intent: ready, nluConfidence: { score: match.score }, interpretationSource: "Lex" }]
        : []),
      { intent: match ? fallback : ready, interpretationSource: "Lex" },
    ];
    const state = {
      activeContexts: [],
      sessionAttributes: question.sessionAttributes,
      originatingRequestId: randomUUID(),
    };
    const common = { requestAttributes: question.requestAttributes, sessionId: question.sessionId };
    if (!given?.fulfillmentCodeHook?.enabled || lambda === undefined) {
      const closing = closingText(given);
      return {
        ...{ ...common, interpretations },
        ...(closing && { messages: [{ contentType: "PlainText", content: closing }] }),
        sessionState: { ...state, dialogAction: { type: "Close" }, intent: ready },
      };
    }
    const hooked = await invoked(lambda, {
      messageVersion: "1.0",
      invocationSource: "FulfillmentCodeHook",
      inputMode: "Text",
      responseContentType: "text/plain; charset=utf-8",
      inputTranscript: question.text,
      bot: {
        ...{ id: question.botId, name: store.bot(question.botId).given.botName },
        ...{ aliasId: question.botAliasId, aliasName: alias?.given.botAliasName ?? testAlias },
        ...{ localeId: question.localeId, version: botVersion },
      },
      ...{ ...common, interpretations },
      proposedNextState: { dialogAction: { type: "Close" }, intent: ready },
      sessionState: { ...state, intent: ready },
      transcriptions: [{ transcription: question.text, transcriptionConfidence: 1 }],
    });
    const { sessionState, messages } = hooked;
    const intent = { ...ready, ...sessionState.intent };
    return {
      ...common,
      ...(messages && messages.length > 0 && { messages }),
      sessionState: {
        ...{ ...state, ...sessionState, intent },
        sessionAttributes: sessionState.sessionAttributes ?? question.sessionAttributes,
      },
      interpretations: interpretations.map((one) =>
        one.intent.name === name ? { ...one, intent } : one,
      ),
    };
  }

  async function invoked(lambdaArn: string, event: object) {
    try {
      const answered = await world.functions.invoke(functionName(lambdaArn), event, hookLimitMs);
      return HookAnswer.parse(answered);
    } catch (error) {
      world.log({ function: functionName(lambdaArn), error: String(error) }, "a code hook failed");
      throw new AwsError(
        "DependencyFailedException",
        424,
        `Invalid Lambda Response: ${functionName(lambdaArn)} failed or answered what Lex does not take.`,
      );
    }
  }

  return (question) => (store.bots.get(question.botId) ? answer(question) : undefined);
}

const Closing = z.object({
  intentClosingSetting: z.object({
    closingResponse: z.object({
      messageGroups: z.tuple(
        [z.object({ message: z.object({ plainTextMessage: z.object({ value: z.string() }) }) })],
        z.unknown(),
      ),
    }),
  }),
});

/** What an intent says when it closes by itself: the first of its messages. */
function closingText(given: unknown): string | undefined {
  const found = Closing.safeParse(given).data?.intentClosingSetting.closingResponse.messageGroups;
  return found?.[0].message.plainTextMessage.value;
}

const phrased = ({ intents }: Built) =>
  intents.map(({ intentName, sampleUtterances }) => ({
    name: intentName,
    utterances: (sampleUtterances ?? []).map(({ utterance }) => utterance),
  }));

/** The function an ARN names, without version or alias. */
export const functionName = (arn: string): string =>
  arn.split(":function:")[1]?.split(":")[0] ?? arn;
