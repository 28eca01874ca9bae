import {
  type BotVersionSummary,
  BuildBotLocaleCommand,
  CreateBotCommand,
  CreateBotVersionCommand,
  DeleteBotVersionCommand,
  DescribeBotCommand,
  DescribeBotVersionCommand,
  LexModelsV2Client,
  type LexModelsV2ClientConfig,
  paginateListBots,
  paginateListBotVersions,
  ResourceNotFoundException,
} from "@aws-sdk/client-lex-models-v2";
import { type BuildReport, type BuildTerms, marked, markIn, mostMs, planDigest } from "./build.ts";
import { BuildFailed, paceAndCount, waitFor } from "./calls.ts";
import type { LocalePlan } from "./plan.ts";
import { aliasesOf, checked, moved, serves } from "./v2-alias.ts";
import { draftLocale, settledLocale } from "./v2-draft.ts";

/** A bot keeps this many versions of ours that no alias serves; Lex takes a hundred of all. */
const versionsKept = 10;

/** What a new bot needs that an existing one has. */
export interface NewBot {
  /** The role Lex takes on; needed when the bot is made. */
  readonly roleArn?: string | undefined;
}

/**
 * Makes a Lex V2 bot say what is planned: the draft first, then its build, a version of it, and the alias
 * last of all. Until that last call the alias serves what it served; whatever fails before it changes
 * nothing for those who ask. A run that was killed is gone on with by the next.
 */
export async function buildV2(
  settings: LexModelsV2ClientConfig,
  locales: readonly LocalePlan[],
  terms: BuildTerms & NewBot,
): Promise<BuildReport> {
  const client = new LexModelsV2Client({ maxAttempts: 8, ...settings });
  const calls = paceAndCount(client, terms.perSecond, terms.signal);
  const changed = { created: 0, updated: 0, deleted: 0 };
  try {
    const botId = await theBot(client, terms);
    const digest = planDigest(locales, terms);
    const versions = await versionsOf(client, botId);
    const { alias, served } = await aliasesOf(client, botId, terms.alias);
    let version = versions.find(({ description }) => markIn(description) === digest)?.botVersion;
    if (version && alias && serves(alias, version, locales, terms)) {
      const aliasId = alias.botAliasId ?? "";
      return { botId, aliasId, version, ...changed, moved: false, calls: calls() };
    }
    if (!version) {
      for (const locale of locales) {
        const { created, updated, deleted } = await draftLocale(client, botId, locale, terms);
        changed.created += created;
        changed.updated += updated;
        changed.deleted += deleted;
      }
      await built(client, botId, locales, terms);
      version = await newVersion(client, botId, locales, digest, terms);
    }
    const aliasId = await moved(client, botId, alias, version, locales, terms);
    await checked(client, { botId, aliasId, version }, alias, locales, terms);
    await forgetVersions(client, botId, versions, served);
    return { botId, aliasId, version, ...changed, moved: true, calls: calls() };
  } finally {
    client.destroy();
  }
}

/** The bot of a name, made where there is none, and ready. */
async function theBot(client: LexModelsV2Client, terms: BuildTerms & NewBot): Promise<string> {
  const { botName, roleArn } = terms;
  const filters = [{ name: "BotName" as const, values: [botName], operator: "EQ" as const }];
  let botId: string | undefined;
  for await (const { botSummaries = [] } of paginateListBots({ client }, { filters }))
    botId ??= botSummaries.find((bot) => bot.botName === botName)?.botId;
  if (botId === undefined) {
    if (roleArn === undefined)
      throw new Error(`there is no bot ${botName}; give --role to make it (docs/deploy.md)`);
    terms.progress(`making the bot ${botName}`);
    const made = await client.send(
      new CreateBotCommand({
        ...{ botName, roleArn, description: marked("bot") },
        ...{ dataPrivacy: { childDirected: false }, idleSessionTTLInSeconds: 300 },
      }),
    );
    botId = made.botId ?? "";
  }
  const id = botId;
  await waitFor(
    `bot ${botName}`,
    async () => {
      const { botStatus, failureReasons = [] } = await client.send(
        new DescribeBotCommand({ botId: id }),
      );
      if (botStatus === "Failed") throw new BuildFailed(`bot ${botName}: ${failureReasons.join()}`);
      return botStatus === "Available" || undefined;
    },
    { ...terms, mostMs },
  );
  return id;
}

async function versionsOf(client: LexModelsV2Client, botId: string) {
  const versions: BotVersionSummary[] = [];
  for await (const { botVersionSummaries = [] } of paginateListBotVersions({ client }, { botId }))
    versions.push(...botVersionSummaries);
  return versions
    .filter(({ botStatus, botVersion }) => botStatus === "Available" && botVersion !== "DRAFT")
    .sort((a, b) => Number(b.botVersion) - Number(a.botVersion));
}

async function built(
  client: LexModelsV2Client,
  botId: string,
  locales: readonly LocalePlan[],
  terms: BuildTerms,
): Promise<void> {
  for (const { localeId } of locales) {
    terms.progress(`${localeId}: building`);
    await client.send(new BuildBotLocaleCommand({ botId, localeId, botVersion: "DRAFT" }));
  }
  for (const { localeId } of locales) {
    const { botLocaleStatus, failureReasons = [] } =
      (await settledLocale(client, botId, localeId, terms)) ?? {};
    if (botLocaleStatus !== "Built" && botLocaleStatus !== "ReadyExpressTesting")
      throw new BuildFailed(
        `locale ${localeId} was not built (${botLocaleStatus}): ${failureReasons.join("; ")}`,
      );
  }
}

async function newVersion(
  client: LexModelsV2Client,
  botId: string,
  locales: readonly LocalePlan[],
  digest: string,
  terms: BuildTerms,
): Promise<string> {
  const source = locales.map(({ localeId }) => [localeId, { sourceBotVersion: "DRAFT" }] as const);
  const { botVersion = "" } = await client.send(
    new CreateBotVersionCommand({
      ...{ botId, description: marked(digest) },
      botVersionLocaleSpecification: Object.fromEntries(source),
    }),
  );
  terms.progress(`version ${botVersion}`);
  await waitFor(
    `version ${botVersion}`,
    async () => {
      try {
        const found = await client.send(new DescribeBotVersionCommand({ botId, botVersion }));
        if (found.botStatus === "Failed")
          throw new BuildFailed(`version ${botVersion}: ${(found.failureReasons ?? []).join()}`);
        return found.botStatus === "Available" || undefined;
      } catch (error) {
        // A version is not there to be described for a moment after it was asked for.
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    { ...terms, mostMs },
  );
  return botVersion;
}

/** Deletes old versions of ours; the one that was served until now stays, to go back to. */
async function forgetVersions(
  client: LexModelsV2Client,
  botId: string,
  versions: readonly BotVersionSummary[],
  served: ReadonlySet<string | undefined>,
): Promise<void> {
  const ours = versions.filter(({ description }) => markIn(description) !== undefined);
  for (const { botVersion } of ours.slice(versionsKept))
    if (!served.has(botVersion))
      await client.send(new DeleteBotVersionCommand({ botId, botVersion }));
}
