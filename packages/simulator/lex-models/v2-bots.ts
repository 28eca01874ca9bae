import * as z from "zod";
import { type Call, type Operation, valid } from "../http/operation.ts";
import { lexModelsV2, operationOf, page, seconds, v2Error } from "./service.ts";
import type { Alias, Bot, V2Store, Version } from "./v2-store.ts";

const Name = z.string().regex(/^([0-9a-zA-Z][_-]?){1,100}$/);
const Description = z.string().max(200).nullish();
/** What makes a bot, but for what it understands. */
export const BotBody = z.looseObject({
  botName: Name,
  roleArn: z
    .string()
    .min(32)
    .max(2048)
    .regex(/^arn:aws[a-zA-Z-]*:iam::[0-9]{12}:role\//),
  dataPrivacy: z.looseObject({ childDirected: z.boolean() }),
  idleSessionTTLInSeconds: z.int().min(60).max(86_400),
  description: Description,
});
const VersionBody = z.looseObject({
  description: Description,
  botVersionLocaleSpecification: z
    .record(z.string(), z.looseObject({ sourceBotVersion: z.literal("DRAFT") }))
    .refine((locales) => Object.keys(locales).length > 0, "must have a locale"),
});
const AliasBody = z.looseObject({
  botAliasName: Name,
  botVersion: z
    .string()
    .regex(/^(DRAFT|[0-9]+)$/)
    .nullish(),
  description: Description,
  botAliasLocaleSettings: z
    .record(
      z.string(),
      z.looseObject({
        enabled: z.boolean(),
        codeHookSpecification: z
          .looseObject({
            lambdaCodeHook: z.looseObject({
              lambdaARN: z.string().min(20).max(2048),
              codeHookInterfaceVersion: z.string().min(1).max(5),
            }),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
/** What every list takes. */
export const ListBody = z.looseObject({
  maxResults: z.int().min(1).max(1_000).default(100),
  nextToken: z.string().nullish(),
  filters: z
    .array(z.looseObject({ name: z.string(), values: z.array(z.string()), operator: z.string() }))
    .nullish(),
});

// How long things take is not documented: bots and versions seconds, builds a minute or so.
const madeMs = 2_000;
// Quotas of the Lex V2 developer guide.
/** How many of each an account, or a bot, may have. */
export const most = { bots: 100, versions: 100, aliases: 100 };

/** The operations about bots, their versions and aliases. */
export function v2BotOperations(store: V2Store): Readonly<Record<string, Operation>> {
  const operation = operationOf(lexModelsV2);
  const check = <T>(schema: z.ZodType<T>, { body }: Call) =>
    valid(schema, body, lexModelsV2.malformed);
  const versionsOf = (botId: string) =>
    [...store.versions.values()].filter((one) => one.botId === botId).map(store.now);
  const aliasesOf = (botId: string) =>
    [...store.aliases.values()].filter((one) => one.botId === botId).map(store.now);
  const aliasAt = ({ botId, botAliasId }: Call["path"]): Alias => {
    const alias = store.aliases.get(`${botId}/${botAliasId}`);
    if (!alias) throw v2Error("ResourceNotFoundException", `There is no alias ${botAliasId}.`);
    return store.now(alias);
  };
  const usable = (botId: string, botVersion: string | null | undefined) => {
    if (!botVersion || botVersion === "DRAFT") return;
    const version = store.versions.get(`${botId}/${botVersion}`);
    if (!version || store.now(version).status !== "Available")
      throw v2Error("PreconditionFailedException", `Version ${botVersion} is not available.`);
  };
  const within = (count: number, limit: number, what: string) => {
    if (count >= limit)
      throw v2Error("ServiceQuotaExceededException", `There are ${limit} ${what} already.`);
  };

  return {
    createBot: operation(
      "CreateBot",
      (call) => {
        const given = check(BotBody, call);
        within(store.bots.size, most.bots, "bots");
        for (const { given: other } of store.bots.values())
          if (other.botName === given.botName)
            throw v2Error("ConflictException", `There is a bot ${given.botName} already.`);
        const botId = store.id();
        const bot = {
          ...store.pending("Creating", "Available", madeMs),
          ...{ botId, given, lastVersion: 0 },
        };
        store.bots.put(botId, bot);
        return shownBot(bot);
      },
      202,
    ),
    describeBot: operation("DescribeBot", ({ path }) => shownBot(store.bot(path.botId ?? ""))),
    listBots: operation("ListBots", (call) => {
      const { maxResults, nextToken, filters } = check(ListBody, call);
      const all = [...store.bots.values()]
        .map(store.now)
        .filter(({ given }) =>
          (filters ?? []).every(({ name, values, operator }) => {
            if (name !== "BotName") return true;
            return operator === "CO"
              ? values.some((value) => given.botName.includes(value))
              : values.includes(given.botName);
          }),
        )
        .map((bot) => ({
          ...{ botId: bot.botId, botName: bot.given.botName, description: bot.given.description },
          ...{ botStatus: bot.status, botType: "Bot" },
          latestBotVersion: bot.lastVersion ? String(bot.lastVersion) : "DRAFT",
          lastUpdatedDateTime: seconds(bot.updatedAt),
        }));
      const { items, ...more } = page(all, maxResults, nextToken);
      return { botSummaries: items, ...more };
    }),
    createBotVersion: operation(
      "CreateBotVersion",
      (call) => {
        const given = check(VersionBody, call);
        const bot = store.bot(call.path.botId ?? "");
        within(versionsOf(bot.botId).length, most.versions, "versions");
        const built = Object.keys(given.botVersionLocaleSpecification).map((localeId) => {
          const locale = store.locale(bot.botId, "DRAFT", localeId);
          if (locale.status !== "Built")
            throw v2Error(
              "PreconditionFailedException",
              `Locale ${localeId} is ${locale.status}; build it first.`,
            );
          const intents = store.intentsOf(bot.botId, localeId).map((intent) => intent.given);
          return [
            localeId,
            { threshold: locale.given.nluIntentConfidenceThreshold, intents },
          ] as const;
        });
        const botVersion = String(bot.lastVersion + 1);
        const version: Version = {
          ...store.pending("Creating", "Available", madeMs),
          ...{ botId: bot.botId, botVersion, locales: Object.fromEntries(built) },
          ...(given.description && { description: given.description }),
        };
        store.versions.put(`${bot.botId}/${botVersion}`, version);
        store.bots.put(bot.botId, { ...bot, lastVersion: bot.lastVersion + 1 });
        return {
          ...shownVersion(version),
          botVersionLocaleSpecification: given.botVersionLocaleSpecification,
        };
      },
      202,
    ),
    describeBotVersion: operation("DescribeBotVersion", ({ path: { botId, botVersion } }) => {
      const version = store.versions.get(`${botId}/${botVersion}`);
      if (!version)
        throw v2Error("ResourceNotFoundException", `There is no version ${botVersion}.`);
      return shownVersion(store.now(version));
    }),
    listBotVersions: operation("ListBotVersions", (call) => {
      const { maxResults, nextToken } = check(ListBody, call);
      const { botId = "" } = call.path;
      const { items, ...more } = page(versionsOf(botId).map(shownVersion), maxResults, nextToken);
      return { botId, botVersionSummaries: items, ...more };
    }),
    deleteBotVersion: operation(
      "DeleteBotVersion",
      ({ path: { botId = "", botVersion = "" }, query }) => {
        const inUse = aliasesOf(botId).some(({ given }) => given.botVersion === botVersion);
        if (inUse && query.get("skipResourceInUseCheck") !== "true")
          throw v2Error("PreconditionFailedException", `An alias uses version ${botVersion}.`);
        if (!store.versions.get(`${botId}/${botVersion}`))
          throw v2Error("PreconditionFailedException", `There is no version ${botVersion}.`);
        store.versions.remove(`${botId}/${botVersion}`);
        return { botId, botVersion, botStatus: "Deleting" };
      },
      202,
    ),
    createBotAlias: operation(
      "CreateBotAlias",
      (call) => {
        const given = check(AliasBody, call);
        const { botId } = store.bot(call.path.botId ?? "");
        usable(botId, given.botVersion);
        const others = aliasesOf(botId);
        within(others.length, most.aliases, "aliases");
        if (others.some((other) => other.given.botAliasName === given.botAliasName))
          throw v2Error("ConflictException", `There is an alias ${given.botAliasName} already.`);
        const botAliasId = store.id();
        const alias = {
          ...store.pending("Creating", "Available", madeMs),
          ...{ botId, botAliasId, given },
        };
        store.aliases.put(`${botId}/${botAliasId}`, alias);
        return shownAlias(alias);
      },
      202,
    ),
    updateBotAlias: operation(
      "UpdateBotAlias",
      (call) => {
        const given = check(AliasBody, call);
        const alias = aliasAt(call.path);
        if (alias.status === "Creating")
          throw v2Error("ConflictException", `Alias ${alias.botAliasId} is being created.`);
        usable(alias.botId, given.botVersion);
        // An update puts all of the alias anew: what is left out is gone.
        const updated: Alias = { ...alias, given, updatedAt: Date.now() };
        store.aliases.put(`${alias.botId}/${alias.botAliasId}`, updated);
        return shownAlias(updated);
      },
      202,
    ),
    describeBotAlias: operation("DescribeBotAlias", ({ path }) => shownAlias(aliasAt(path))),
    listBotAliases: operation("ListBotAliases", (call) => {
      const { maxResults, nextToken } = check(ListBody, call);
      const { botId = "" } = call.path;
      const all = aliasesOf(botId).map((alias) => {
        const { botAliasLocaleSettings: _, ...summary } = shownAlias(alias);
        return summary;
      });
      const { items, ...more } = page(all, maxResults, nextToken);
      return { botId, botAliasSummaries: items, ...more };
    }),
  };
}

const shownBot = ({ botId, given, status, createdAt, updatedAt }: Bot) => ({
  ...given,
  ...{ botId, botStatus: status, botType: "Bot" },
  creationDateTime: seconds(createdAt),
  lastUpdatedDateTime: seconds(updatedAt),
});

const shownVersion = ({ botId, botVersion, description, status, createdAt }: Version) => ({
  ...{ botId, botVersion, description, botStatus: status },
  creationDateTime: seconds(createdAt),
});

const shownAlias = ({ botId, botAliasId, given, status, createdAt, updatedAt }: Alias) => ({
  ...{ botId, botAliasId, botAliasStatus: status },
  ...{ botAliasName: given.botAliasName, description: given.description },
  ...{
    botVersion: given.botVersion ?? undefined,
    botAliasLocaleSettings: given.botAliasLocaleSettings ?? undefined,
  },
  creationDateTime: seconds(createdAt),
  lastUpdatedDateTime: seconds(updatedAt),
});
