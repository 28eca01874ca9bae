import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { World } from "../world.ts";
import { recognizers } from "./recognizer.ts";
import { LATEST, type V1Bot, type V1Store } from "./v1-store.ts";
import { functionName } from "./v2-answer.ts";

/** A text for a V1 bot that was built here. */
export interface V1Question {
  readonly botName: string;
  readonly botAlias: string;
  readonly userId: string;
  readonly inputText: string;
  readonly sessionAttributes: Readonly<Record<string, string>>;
  readonly requestAttributes: Readonly<Record<string, string>>;
}

/** Answers for the V1 bots that were built here; nothing for a bot that was not. */
export type V1Answerer = (question: V1Question) => Promise<object> | undefined;

// The one of a function's answers that a fulfilment hook may give (Lex V1 developer guide).
const HookAnswer = z.looseObject({
  sessionAttributes: z.record(z.string(), z.string()).nullish(),
  dialogAction: z.looseObject({
    type: z.literal("Close"),
    fulfillmentState: z.enum(["Fulfilled", "Failed"]),
    message: z
      .looseObject({ contentType: z.string(), content: z.string().min(1).max(1_024) })
      .nullish(),
  }),
});

const hookLimitMs = 30_000;
/** Bots in these locales tell how sure they are; where nothing else is set, so sure they must be. */
const defaultThreshold = 0.4;

/** Asks the V1 bots that the store has. */
export function v1Answerer(world: World, store: V1Store): V1Answerer {
  const recognizer = recognizers();

  const phrased = ({ given }: V1Bot) =>
    (given.intents ?? []).map(({ intentName, intentVersion }) => ({
      name: intentName,
      utterances: store.intent(intentName, intentVersion).given.sampleUtterances ?? [],
    }));

  async function answer(question: V1Question): Promise<object> {
    const { botName, botAlias, inputText, sessionAttributes, requestAttributes } = question;
    const bot = servedBy(botName, botAlias);
    const key = `${botName}/${bot.version}/${bot.checksum}`;
    const threshold = bot.given.nluIntentConfidenceThreshold ?? defaultThreshold;
    const terms = { key, locale: bot.given.locale, threshold };
    const match = recognizer(terms, () => phrased(bot))(inputText);
    const common = {
      ...{ slots: {}, sessionAttributes, activeContexts: [], botVersion: bot.version },
      sessionId: `${new Date().toISOString()}-${question.userId}`,
    };
    const fallback = (bot.given.intents ?? []).find(({ intentName, intentVersion }) => {
      const { parentIntentSignature } = store.intent(intentName, intentVersion).given;
      return parentIntentSignature === "AMAZON.FallbackIntent";
    });
    const named = match?.intent ?? fallback?.intentName;
    // Without a fallback intent V1 asks again, and names no intent.
    if (named === undefined) return { ...common, dialogState: "ElicitIntent" };
    const { intentVersion = LATEST } =
      (bot.given.intents ?? []).find(({ intentName }) => intentName === named) ?? {};
    const confidence = match && { nluIntentConfidence: { score: match.score } };
    const understood = { ...common, intentName: named, ...confidence, alternativeIntents: [] };
    const { fulfillmentActivity } = store.intent(named, intentVersion).given;
    const uri = fulfillmentActivity?.codeHook?.uri;
    if (fulfillmentActivity?.type !== "CodeHook" || !uri)
      return { ...understood, dialogState: "ReadyForFulfillment" };
    const { dialogAction, ...hooked } = await invoked(uri, {
      messageVersion: "1.0",
      invocationSource: "FulfillmentCodeHook",
      ...{ userId: question.userId, sessionAttributes, requestAttributes },
      bot: { name: botName, alias: botAlias, version: bot.version },
      outputDialogMode: "Text",
      currentIntent: {
        ...{ name: named, slots: {}, slotDetails: {}, confirmationStatus: "None" },
        nluIntentConfidenceScore: match?.score ?? null,
      },
      ...{ alternativeIntents: [], inputTranscript: inputText, recentIntentSummaryView: [] },
      ...{ sentimentResponse: null, kendraResponse: null, activeContexts: [] },
    });
    return {
      ...understood,
      sessionAttributes: hooked.sessionAttributes ?? sessionAttributes,
      dialogState: dialogAction.fulfillmentState,
      ...(dialogAction.message && {
        message: dialogAction.message.content,
        messageFormat: dialogAction.message.contentType,
      }),
    };
  }

  function servedBy(botName: string, botAlias: string): V1Bot {
    try {
      const bot = store.bot(botName, botAlias);
      if (bot.status === "READY") return bot;
    } catch {
      // The runtime words it its own way.
    }
    throw new AwsError("NotFoundException", 404, `Bot ${botName} has no alias ${botAlias}.`);
  }

  async function invoked(uri: string, event: object) {
    try {
      return HookAnswer.parse(await world.functions.invoke(functionName(uri), event, hookLimitMs));
    } catch (error) {
      world.log({ function: functionName(uri), error: String(error) }, "a code hook failed");
      throw new AwsError(
        "DependencyFailedException",
        424,
        `Invalid Lambda Response: ${functionName(uri)} failed or answered what Lex does not take.`,
      );
    }
  }

  return (question) =>
    store.bots.get(`${question.botName}/${LATEST}`) ? answer(question) : undefined;
}
