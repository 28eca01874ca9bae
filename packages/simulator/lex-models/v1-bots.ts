import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { type Operation, valid } from "../http/operation.ts";
import { lexModelsV1, operationOf, page, seconds, v1Error } from "./service.ts";
import { duplicated } from "./utterances.ts";
import { listQuery, v1Name } from "./v1-intents.ts";
import {
  checkChecksum,
  LATEST,
  newChecksum,
  type V1Alias,
  type V1Bot,
  type V1BotGiven,
  type V1Store,
} from "./v1-store.ts";

const Message = z.looseObject({
  contentType: z.enum(["PlainText", "SSML", "CustomPayload"]),
  content: z.string().min(1).max(1_000),
});
const Messages = z.array(Message).min(1).max(15);
const Checksum = z.string().nullish();
const BotBody = z.looseObject({
  locale: z.string().regex(/^[a-z]{2}-[A-Z0-9]{2,3}$/),
  childDirected: z.boolean(),
  description: z.string().max(200).nullish(),
  intents: z
    .array(z.looseObject({ intentName: z.string(), intentVersion: z.string() }))
    .max(250)
    .nullish(),
  clarificationPrompt: z
    .looseObject({ messages: Messages, maxAttempts: z.int().min(1).max(5) })
    .nullish(),
  abortStatement: z.looseObject({ messages: Messages }).nullish(),
  nluIntentConfidenceThreshold: z.number().min(0).max(1).nullish(),
  processBehavior: z.enum(["SAVE", "BUILD"]).default("SAVE"),
  checksum: Checksum,
});
const AliasBody = z.looseObject({
  botVersion: z.string(),
  description: z.string().max(200).nullish(),
  checksum: Checksum,
});

const builtMs = 20_000;
// Limits of the Lex V1 developer guide.
const most = { versions: 100, aliases: 5 };

/** The operations about bots, their versions and aliases. */
export function v1BotOperations(store: V1Store): Readonly<Record<string, Operation>> {
  const operation = operationOf(lexModelsV1);
  const utterancesOf = ({ intents }: V1BotGiven) =>
    (intents ?? []).map(({ intentName, intentVersion }) => ({
      name: intentName,
      utterances: store.intent(intentName, intentVersion).given.sampleUtterances ?? [],
    }));
  const aliasAt = (botName: string, name: string): V1Alias => {
    const alias = store.aliases.get(`${botName}/${name}`);
    if (!alias) throw v1Error("NotFoundException", `Bot ${botName} has no alias ${name}.`);
    return alias;
  };

  return {
    putBot: operation("PutBot", ({ path, body }) => {
      const name = valid(v1Name(50).min(2), path.name, lexModelsV1.malformed);
      const parsed = valid(BotBody, body, lexModelsV1.malformed);
      const { checksum, processBehavior, createVersion: _, ...given } = parsed;
      const there = store.bots.get(`${name}/${LATEST}`);
      checkChecksum(there, checksum);
      for (const { intentName, intentVersion } of given.intents ?? [])
        if (!store.intents.get(`${intentName}/${intentVersion}`))
          throw lexModelsV1.malformed(`There is no version ${intentVersion} of ${intentName}.`);
      const characters = utterancesOf(given)
        .flatMap(({ utterances }) => utterances)
        .join("").length;
      if (characters > 200_000)
        throw lexModelsV1.malformed(`The utterances have ${characters} characters.`);
      const [reason] = duplicated(utterancesOf(given));
      const comesTo = reason ? { status: "FAILED", failureReason: reason } : { status: "READY" };
      const updatedAt = Date.now();
      const bot: V1Bot = {
        ...{ name, version: LATEST, checksum: newChecksum(), given, updatedAt },
        createdAt: there?.createdAt ?? updatedAt,
        ...(processBehavior === "BUILD"
          ? { status: "BUILDING", readyAt: updatedAt + store.scaled(builtMs), comesTo }
          : { status: "NOT_BUILT" }),
      };
      store.bots.put(`${name}/${LATEST}`, bot);
      return shown(bot);
    }),
    getBot: operation("GetBot", ({ path: { name = "", versionOrAlias = "" } }) =>
      shown(store.bot(name, versionOrAlias)),
    ),
    createBotVersion: operation(
      "CreateBotVersion",
      ({ path: { name = "" }, body }) => {
        const { checksum } = valid(
          z.looseObject({ checksum: Checksum }),
          body,
          lexModelsV1.malformed,
        );
        const latest = store.bot(name, LATEST);
        if (checksum) checkChecksum(latest, checksum);
        if (latest.status === "BUILDING")
          throw v1Error("ConflictException", `Bot ${name} is being built.`);
        if (latest.status !== "READY")
          throw lexModelsV1.malformed(`Bot ${name} is ${latest.status}; build it first.`);
        if ((latest.given.intents ?? []).some(({ intentVersion }) => intentVersion === LATEST))
          throw lexModelsV1.malformed("A version is made of versions of intents, not of $LATEST.");
        const [, ...numbered] = store.versionsOf(store.bots, name);
        const last = numbered.at(-1);
        if (last && isDeepStrictEqual(last.given, latest.given)) return shown(last);
        if (numbered.length >= most.versions)
          throw v1Error("LimitExceededException", `Bot ${name} has ${most.versions} versions.`);
        const version = String(Number(last?.version ?? 0) + 1);
        const made = { ...latest, version, createdAt: Date.now() };
        store.bots.put(`${name}/${version}`, made);
        return shown(made);
      },
      201,
    ),
    getBotVersions: operation("GetBotVersions", ({ path: { name = "" }, query }) => {
      const { maxResults, nextToken } = listQuery(query);
      const all = store.versionsOf(store.bots, name).map((bot) => summary(store.now(bot)));
      if (all.length === 0) throw v1Error("NotFoundException", `There is no bot ${name}.`);
      const { items, ...more } = page(all, maxResults, nextToken);
      return { bots: items, ...more };
    }),
    deleteBotVersion: operation(
      "DeleteBotVersion",
      ({ path: { name = "", version = "" } }) => {
        store.bot(name, version);
        for (const alias of store.aliases.values())
          if (alias.botName === name && alias.botVersion === version)
            throw v1Error("ResourceInUseException", `Alias ${alias.name} uses it.`, {
              referenceType: "BotAlias",
              exampleReference: { name: alias.name, version },
            });
        store.bots.remove(`${name}/${version}`);
        return undefined;
      },
      204,
    ),
    putBotAlias: operation("PutBotAlias", ({ path: { botName = "", name: given }, body }) => {
      const name = valid(v1Name(100), given, lexModelsV1.malformed);
      const { botVersion, description, checksum } = valid(AliasBody, body, lexModelsV1.malformed);
      if (store.bot(botName, botVersion).version !== botVersion)
        throw lexModelsV1.malformed("An alias is of a version, not of another alias.");
      const there = store.aliases.get(`${botName}/${name}`);
      checkChecksum(there, checksum);
      const aliases = [...store.aliases.values()].filter((alias) => alias.botName === botName);
      if (!there && aliases.length >= most.aliases)
        throw v1Error("LimitExceededException", `Bot ${botName} has ${most.aliases} aliases.`);
      const updatedAt = Date.now();
      const alias = {
        ...{ botName, name, botVersion, description, checksum: newChecksum(), updatedAt },
        createdAt: there?.createdAt ?? updatedAt,
      };
      store.aliases.put(`${botName}/${name}`, alias);
      return shownAlias(alias);
    }),
    getBotAlias: operation("GetBotAlias", ({ path: { botName = "", name = "" } }) =>
      shownAlias(aliasAt(botName, name)),
    ),
  };
}

const summary = ({ name, version, status, given, createdAt, updatedAt }: V1Bot) => ({
  ...{ name, version, status, description: given.description ?? undefined },
  ...{ createdDate: seconds(createdAt), lastUpdatedDate: seconds(updatedAt) },
});

const shown = (bot: V1Bot) => ({
  ...{ ...bot.given, ...summary(bot), checksum: bot.checksum },
  ...(bot.failureReason !== undefined && { failureReason: bot.failureReason }),
});

const shownAlias = ({ createdAt, updatedAt, ...alias }: V1Alias) => ({
  ...{ ...alias, description: alias.description ?? undefined },
  ...{ createdDate: seconds(createdAt), lastUpdatedDate: seconds(updatedAt) },
});
