import { createHash } from "node:crypto";
import {
  CreateBotVersionCommand,
  DeleteBotVersionCommand,
  GetBotAliasCommand,
  GetBotCommand,
  type GetBotCommandOutput,
  LexModelBuildingServiceClient,
  type LexModelBuildingServiceClientConfig,
  type Locale,
  NotFoundException,
  PutBotAliasCommand,
  PutBotCommand,
  paginateGetBotVersions,
  ResourceInUseException,
} from "@aws-sdk/client-lex-model-building-service";
import { type BuildReport, type BuildTerms, markIn, mostMs, planDigest } from "./build.ts";
import { BuildFailed, paceAndCount, waitFor } from "./calls.ts";
import type { LocalePlan } from "./plan.ts";
import {
  deleteGone,
  fallbackVersion,
  intentsThere,
  intentVersions,
  markedFor,
} from "./v1-intents.ts";

const latest = "$LATEST";

/** Versions kept beside the one that is served: the one before, to go back to. */
const versionsKept = 2;

/**
 * Makes a Lex V1 bot say what is planned: versions of its intents, the bot of those, its build, a
 * version of it, and the alias last of all. What V1 deletes late is what an older version still has.
 */
export async function buildV1(
  settings: LexModelBuildingServiceClientConfig,
  plan: LocalePlan,
  terms: BuildTerms,
): Promise<BuildReport> {
  const locale = hooked(plan, terms);
  const client = new LexModelBuildingServiceClient({ maxAttempts: 8, ...settings });
  const calls = paceAndCount(client, terms.perSecond, terms.signal);
  const { botName, alias } = terms;
  try {
    const digest = planDigest([locale], terms);
    const mark = `${botName}:${digest}`;
    const served = await orNone(
      client.send(new GetBotCommand({ name: botName, versionOrAlias: alias })),
    );
    const place = { botId: botName, aliasId: alias };
    const nothing = { created: 0, updated: 0, deleted: 0 };
    if (served && markIn(served.description) === mark)
      return { ...place, ...nothing, version: served.version ?? "", moved: false, calls: calls() };

    const before = await orNone(
      client.send(new GetBotCommand({ name: botName, versionOrAlias: latest })),
    );
    const there = await intentsThere(client, botName);
    const inBot = (before?.intents ?? []).map(
      ({ intentName = "", intentVersion = "" }) => [intentName, intentVersion] as const,
    );
    const { versions, created, updated } = await intentVersions(
      client,
      locale.intents,
      there,
      { versions: new Map(inBot), at: before?.lastUpdatedDate?.getTime() ?? 0 },
      terms,
    );
    const fallback = await fallbackVersion(client);
    const intents = [...versions, [fallback.name, fallback.version] as const].map(
      ([intentName, intentVersion]) => ({ intentName, intentVersion }),
    );
    const built = await builtBot(client, before, { digest, intents, locale }, terms);
    const { version = "" } = await client.send(
      new CreateBotVersionCommand({ name: botName, checksum: built.checksum }),
    );
    terms.progress(`version ${version}`);
    await moved(client, version, locale, terms);
    await forgetVersions(client, botName);
    const deleted = await deleteGone(client, locale.intents, there);
    return { ...place, version, created, updated, deleted, moved: true, calls: calls() };
  } finally {
    client.destroy();
  }
}

/** In V1 every intent names its function: another one is another intent. */
const hooked = (plan: LocalePlan, { functionArn = "" }: BuildTerms): LocalePlan => ({
  ...plan,
  intents: plan.intents.map((intent) => {
    const digest = createHash("sha256").update(`${intent.digest} ${functionArn}`).digest("hex");
    return { ...intent, digest: digest.slice(0, 16) };
  }),
});

/** An answer, or nothing where there is no such thing. */
async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

interface Made {
  readonly digest: string;
  readonly intents: readonly { readonly intentName: string; readonly intentVersion: string }[];
  readonly locale: LocalePlan;
}

/** Puts the bot of these intents, and waits until it is built. */
async function builtBot(
  client: LexModelBuildingServiceClient,
  before: GetBotCommandOutput | undefined,
  { digest, intents, locale }: Made,
  terms: BuildTerms,
): Promise<GetBotCommandOutput> {
  const { botName: name } = terms;
  terms.progress("building");
  await client.send(
    new PutBotCommand({
      ...{ name, checksum: before?.checksum, childDirected: false, processBehavior: "BUILD" },
      description: markedFor(name, digest),
      locale: locale.localeId.replace("_", "-") as Locale,
      intents: [...intents],
      ...{ enableModelImprovements: true, nluIntentConfidenceThreshold: terms.threshold },
      idleSessionTTLInSeconds: 300,
    }),
  );
  return waitFor(
    `bot ${name}`,
    async () => {
      const bot = await client.send(new GetBotCommand({ name, versionOrAlias: latest }));
      if (bot.status === "FAILED")
        throw new BuildFailed(
          `bot ${name} was not built: ${bot.failureReason ?? "no reason given"}`,
        );
      return bot.status === "READY" ? bot : undefined;
    },
    { ...terms, mostMs },
  );
}

/** Points the alias at a version, in one call, and back again where what is live has no answer. */
async function moved(
  client: LexModelBuildingServiceClient,
  botVersion: string,
  { intents, localeId }: LocalePlan,
  { botName, alias: name, check, progress }: BuildTerms,
): Promise<void> {
  const ask = new GetBotAliasCommand({ botName, name });
  const before = await orNone(client.send(ask));
  const { checksum, description } = before ?? {};
  const put = await client.send(
    new PutBotAliasCommand({ botName, name, botVersion, checksum, description }),
  );
  progress(`alias ${name} serves version ${botVersion}`);
  const [first] = intents;
  const place = { botId: botName, aliasId: name, version: botVersion };
  const wrong = first && (await check?.(place, first, localeId));
  if (!wrong) return;
  if (!before) throw new Error(`the new alias was asked a question of its own: ${wrong}`);
  progress(`putting the alias back to version ${before.botVersion}`);
  await client.send(
    new PutBotAliasCommand({
      ...{ botName, name, description, checksum: put.checksum },
      botVersion: before.botVersion,
    }),
  );
  throw new BuildFailed(`version ${botVersion} was asked a question of its own: ${wrong}`);
}

/** Deletes old versions of the bot that were made here and that no alias serves. */
async function forgetVersions(client: LexModelBuildingServiceClient, name: string): Promise<void> {
  const ours: string[] = [];
  for await (const { bots = [] } of paginateGetBotVersions({ client, pageSize: 50 }, { name }))
    for (const { version = "", description } of bots)
      if (version !== latest && markIn(description) !== undefined) ours.push(version);
  ours.sort((a, b) => Number(b) - Number(a));
  for (const version of ours.slice(versionsKept))
    try {
      await client.send(new DeleteBotVersionCommand({ name, version }));
    } catch (error) {
      // Another alias serves it.
      if (!(error instanceof ResourceInUseException)) throw error;
    }
}
