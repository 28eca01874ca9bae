import {
  CreateBotLocaleCommand,
  CreateIntentCommand,
  DeleteIntentCommand,
  DescribeBotLocaleCommand,
  type LexModelsV2Client,
  paginateListIntents,
  ResourceNotFoundException,
  UpdateBotLocaleCommand,
  UpdateIntentCommand,
} from "@aws-sdk/client-lex-models-v2";
import { type BuildTerms, differences, marked, markIn, mostMs } from "./build.ts";
import { waitFor } from "./calls.ts";
import type { IntentPlan, LocalePlan } from "./plan.ts";

const fallback = "AMAZON.FallbackIntent";
const draft = "DRAFT";

/** States a locale leaves by itself; before it has, nothing in it can be changed. */
const passing = ["Creating", "Building", "Importing", "Processing", "Deleting"];

/** The state a locale of the draft has come to rest in; nothing where there is no such locale. */
export async function settledLocale(
  client: LexModelsV2Client,
  botId: string,
  localeId: string,
  terms: BuildTerms,
) {
  const ask = async () => {
    const command = new DescribeBotLocaleCommand({ botId, localeId, botVersion: draft });
    try {
      const found = await client.send(command);
      return passing.includes(found.botLocaleStatus ?? "") ? undefined : found;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  };
  return (await waitFor(`locale ${localeId}`, ask, { ...terms, mostMs })) ?? undefined;
}

/** How much of a draft had to be changed. */
export interface Changed {
  created: number;
  updated: number;
  deleted: number;
}

/** Makes a locale of the draft what it is planned to be, by as few calls as that takes. */
export async function draftLocale(
  client: LexModelsV2Client,
  botId: string,
  { localeId, intents }: LocalePlan,
  terms: BuildTerms,
): Promise<Changed> {
  const place = { botId, localeId, botVersion: draft };
  const locale = await settledLocale(client, botId, localeId, terms);
  const settings = { ...place, nluIntentConfidenceThreshold: terms.threshold };
  if (!locale) {
    await client.send(new CreateBotLocaleCommand(settings));
    await settledLocale(client, botId, localeId, terms);
  } else if (locale.nluIntentConfidenceThreshold !== terms.threshold)
    await client.send(new UpdateBotLocaleCommand(settings));

  const there = new Map<string, { readonly id: string; readonly mark: string | undefined }>();
  let hasFallback = false;
  for await (const { intentSummaries = [] } of paginateListIntents(
    { client, pageSize: 250 },
    place,
  ))
    for (const {
      intentId = "",
      intentName = "",
      description,
      parentIntentSignature,
    } of intentSummaries)
      if (parentIntentSignature) hasFallback ||= parentIntentSignature === fallback;
      else there.set(intentName, { id: intentId, mark: markIn(description) });

  const { missing, changed, gone } = differences(intents, there);
  for (const [name, { mark }] of there)
    if (mark === undefined)
      throw new Error(
        `locale ${localeId} of bot ${terms.botName} has the intent ${name}, which was not made here; give the pairs a bot of their own`,
      );
  const total = missing.length + changed.length + gone.length;
  let done = 0;
  const step = async (change: Promise<unknown>) => {
    await change;
    done++;
    if (done % 50 === 0 || done === total)
      terms.progress(`${localeId}: ${done} of ${total} intents`);
  };
  // What goes first makes room: a locale may be full, and an utterance may move to another intent.
  for (const [, { id }] of gone)
    await step(client.send(new DeleteIntentCommand({ ...place, intentId: id })));
  for (const intent of changed) {
    const intentId = there.get(intent.name)?.id;
    const command = new UpdateIntentCommand({ ...place, intentId, ...given(intent, terms) });
    await step(client.send(command));
  }
  for (const intent of missing)
    await step(client.send(new CreateIntentCommand({ ...place, ...given(intent, terms) })));
  if (!hasFallback)
    await client.send(
      new CreateIntentCommand({
        ...place,
        intentName: "FallbackIntent",
        parentIntentSignature: fallback,
      }),
    );
  return { created: missing.length, updated: changed.length, deleted: gone.length };
}

/** What Lex is told of an intent: it is asked of a function, or closes with its answer. */
function given({ name, ids, utterances, answer, digest }: IntentPlan, terms: BuildTerms) {
  return {
    intentName: name,
    description: marked(digest, ids.length === 1 ? ids[0] : `${ids.length} pairs`),
    sampleUtterances: utterances.map((utterance) => ({ utterance })),
    ...(answer === undefined
      ? { fulfillmentCodeHook: { enabled: terms.functionArn !== undefined } }
      : {
          intentClosingSetting: {
            active: true,
            closingResponse: {
              messageGroups: [{ message: { plainTextMessage: { value: answer } } }],
            },
          },
        }),
  };
}
