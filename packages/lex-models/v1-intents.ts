import {
  CreateIntentVersionCommand,
  DeleteIntentCommand,
  GetIntentCommand,
  type LexModelBuildingServiceClient,
  NotFoundException,
  PutIntentCommand,
  type PutIntentCommandInput,
  paginateGetIntents,
  ResourceInUseException,
} from "@aws-sdk/client-lex-model-building-service";
import { type BuildTerms, differences, marked, markIn } from "./build.ts";
import type { IntentPlan } from "./plan.ts";

const latest = "$LATEST";
/** The name by which our side of the runtime knows that nothing was understood. */
const fallbackName = "FallbackIntent";

/** An intent of the account that was made here, for this bot. */
interface There {
  readonly mark: string | undefined;
  readonly changedAt: number;
}

/** How V1's intents are marked: all bots of an account share them, so each bot's name is in its own. */
export const markedFor = (botName: string, digest: string, about = ""): string =>
  marked(`${botName}:${digest}`, about);

/** All intents there are by name; the digest is only of those that are this bot's. */
export async function intentsThere(client: LexModelBuildingServiceClient, botName: string) {
  const there = new Map<string, There>();
  for await (const { intents = [] } of paginateGetIntents({ client, pageSize: 50 }, {}))
    for (const { name = "", description, lastUpdatedDate } of intents) {
      const [owner, digest] = markIn(description)?.split(":") ?? [];
      const mark = owner === botName ? digest : undefined;
      there.set(name, { mark, changedAt: lastUpdatedDate?.getTime() ?? 0 });
    }
  return there;
}

/**
 * Makes the intents what they are planned to be and answers the version of each. A version that the bot
 * has already is kept, unless its intent was touched since: a run may have ended between the two.
 */
export async function intentVersions(
  client: LexModelBuildingServiceClient,
  intents: readonly IntentPlan[],
  there: ReadonlyMap<string, There>,
  inBot: { readonly versions: ReadonlyMap<string, string>; readonly at: number },
  terms: BuildTerms,
) {
  for (const { name } of intents)
    if (there.has(name) && there.get(name)?.mark === undefined)
      throw new Error(
        `the account has an intent ${name} that was not made here for bot ${terms.botName}; rename it, or the pair`,
      );
  const { missing, changed } = differences(intents, there);
  const toPut = new Set([...missing, ...changed]);
  const versions = new Map<string, string>();
  let done = 0;
  for (const intent of intents) {
    const found = there.get(intent.name);
    const kept = inBot.versions.get(intent.name);
    const untouched = kept !== undefined && (found?.changedAt ?? 0) <= inBot.at;
    if (!toPut.has(intent) && untouched) {
      versions.set(intent.name, kept);
      continue;
    }
    const checksum = found && toPut.has(intent) ? await checksumOf(client, intent.name) : undefined;
    const put = toPut.has(intent)
      ? await client.send(new PutIntentCommand({ ...given(intent, terms), checksum }))
      : undefined;
    versions.set(intent.name, await versionOf(client, intent.name, put?.checksum));
    done++;
    if (done % 50 === 0) terms.progress(`${done} intents`);
  }
  return { versions, created: missing.length, updated: changed.length };
}

/** The version of the intent for what is not understood; bots of an account may share one. */
export async function fallbackVersion(client: LexModelBuildingServiceClient) {
  const place = { name: fallbackName, version: latest };
  const there = await client.send(new GetIntentCommand(place)).catch((error) => {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  });
  const made =
    there ??
    (await client.send(
      new PutIntentCommand({
        name: fallbackName,
        parentIntentSignature: "AMAZON.FallbackIntent",
        fulfillmentActivity: { type: "ReturnIntent" },
      }),
    ));
  const version = await versionOf(client, fallbackName, made.checksum);
  return { name: fallbackName, version };
}

/** Deletes this bot's intents that are no longer wanted, as far as no version of a bot has them. */
export async function deleteGone(
  client: LexModelBuildingServiceClient,
  intents: readonly IntentPlan[],
  there: ReadonlyMap<string, There>,
): Promise<number> {
  let deleted = 0;
  for (const [name, { mark }] of differences(intents, there).gone) {
    if (mark === undefined) continue;
    try {
      await client.send(new DeleteIntentCommand({ name }));
      deleted++;
    } catch (error) {
      // The version that was served until now has it still; it goes with that.
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  }
  return deleted;
}

async function checksumOf(client: LexModelBuildingServiceClient, name: string) {
  const { checksum } = await client.send(new GetIntentCommand({ name, version: latest }));
  return checksum;
}

async function versionOf(
  client: LexModelBuildingServiceClient,
  name: string,
  checksum: string | undefined,
): Promise<string> {
  const { version } = await client.send(new CreateIntentVersionCommand({ name, checksum }));
  return version ?? latest;
}

const given = (
  { name, ids, utterances, digest }: IntentPlan,
  { botName, functionArn }: BuildTerms,
): PutIntentCommandInput => ({
  name,
  description: markedFor(botName, digest, ids.length === 1 ? ids[0] : `${ids.length} pairs`),
  sampleUtterances: [...utterances],
  fulfillmentActivity:
    functionArn === undefined
      ? { type: "ReturnIntent" }
      : { type: "CodeHook", codeHook: { uri: functionArn, messageVersion: "1.0" } },
});
