import * as z from "zod";
import { type Call, type Operation, valid } from "../http/operation.ts";
import { lexModelsV2, operationOf, seconds, v2Error } from "./service.ts";
import { type ArchivedBot, BadArchive, readArchive } from "./v2-archive.ts";
import { BotBody, most } from "./v2-bots.ts";
import { fallback } from "./v2-intents.ts";
import type { Bot, Import, V2Store } from "./v2-store.ts";

const StartBody = z.object({
  importId: z.string().regex(/^[0-9a-zA-Z]{10}$/),
  // Of a bot; what else Lex imports is not here.
  resourceSpecification: z.object({
    botImportSpecification: BotBody.partial({ idleSessionTTLInSeconds: true }),
  }),
  mergeStrategy: z.enum(["Overwrite", "FailOnConflict", "Append"]),
});
type StartBody = z.output<typeof StartBody>;

// Neither is documented: archives of a thousand intents are far smaller, and imports take seconds.
const mostBytes = 50_000_000;
const importedMs = 5_000;

/** The operations that bring a bot in as an archive. */
export function v2ImportOperations(
  store: V2Store,
  origin: () => string,
): Readonly<Record<string, Operation>> {
  const operation = operationOf(lexModelsV2);
  const uploadOf = (importId: string) => {
    const upload = store.uploads.get(importId);
    if (!upload) throw v2Error("ResourceNotFoundException", `There is no upload ${importId}.`);
    return upload;
  };

  return {
    createUploadUrl: operation("CreateUploadUrl", () => {
      const importId = store.id();
      store.uploads.put(importId, { importId });
      return { importId, uploadUrl: `${origin()}/lex-uploads/${importId}` };
    }),
    upload: {
      ...operation("Upload", ({ path, body }) => {
        const { importId } = uploadOf(path.importId ?? "");
        store.uploads.put(importId, { importId, zip: (body as Buffer).toString("base64") });
        return undefined;
      }),
      bytes: mostBytes,
    },
    startImport: operation(
      "StartImport",
      ({ body }: Call) => {
        const given = valid(StartBody, body, lexModelsV2.malformed);
        const { importId, zip } = uploadOf(given.importId);
        if (zip === undefined)
          throw v2Error("ResourceNotFoundException", `Nothing was put to upload ${importId}.`);
        const { botName } = given.resourceSpecification.botImportSpecification;
        const came = imported(store, given, Buffer.from(zip, "base64"));
        const record: Import = {
          ...("reason" in came
            ? store.pending("InProgress", "Failed", importedMs, [came.reason])
            : { ...store.pending("InProgress", "Completed", importedMs), botId: came.botId }),
          ...{ importId, given, botName },
        };
        store.imports.put(importId, record);
        store.uploads.remove(importId);
        return shownImport(record);
      },
      202,
    ),
    describeImport: operation("DescribeImport", ({ path: { importId = "" } }) => {
      const found = store.imports.get(importId);
      if (!found) throw v2Error("ResourceNotFoundException", `There is no import ${importId}.`);
      return shownImport(store.now(found));
    }),
  };
}

/** Brings an archive into a bot: all of it, or nothing and the reason. */
function imported(
  store: V2Store,
  { resourceSpecification, mergeStrategy }: StartBody,
  zip: Uint8Array,
): { readonly botId: string } | { readonly reason: string } {
  const given = resourceSpecification.botImportSpecification;
  const before = [...store.bots.values()].find((bot) => bot.given.botName === given.botName);
  if (before && mergeStrategy === "FailOnConflict")
    return { reason: `There is a bot ${given.botName} already.` };
  if (before && store.now(before).status !== "Available")
    return { reason: `Bot ${before.botId} is in status ${store.now(before).status}.` };
  if (!before && store.bots.size >= most.bots)
    return { reason: `There are ${most.bots} bots already.` };
  let archive: ArchivedBot;
  try {
    archive = readArchive(zip);
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error;
    return { reason: error.message };
  }
  const { idleSessionTTLInSeconds } = archive;
  const importing = store.pending("Importing", "Available", importedMs);
  const bot: Bot = {
    ...importing,
    given: { idleSessionTTLInSeconds, ...given },
    botId: before?.botId ?? store.id(),
    createdAt: before?.createdAt ?? importing.createdAt,
    lastVersion: before?.lastVersion ?? 0,
  };
  store.bots.put(bot.botId, bot);
  for (const locale of archive.locales) bringIn(store, bot.botId, locale, mergeStrategy);
  return { botId: bot.botId };
}

function bringIn(
  store: V2Store,
  botId: string,
  { localeId, given, intents }: ArchivedBot["locales"][number],
  strategy: StartBody["mergeStrategy"],
): void {
  const importing = store.pending("Importing", "NotBuilt", importedMs);
  store.locales.put(`${botId}/${localeId}`, { ...importing, ...{ botId, localeId, given } });
  const { createdAt, updatedAt } = importing;
  const put = (intentId: string, given: (typeof intents)[number]) =>
    store.intents.put(`${botId}/${localeId}/${intentId}`, {
      ...{ intentId, botId, localeId, given, createdAt, updatedAt },
    });
  const ids = new Map<string, string>([[fallback.given.intentName, fallback.id]]);
  for (const { intentId, given } of store.intentsOf(botId, localeId))
    if (strategy === "Append") ids.set(given.intentName, intentId);
    else store.intents.remove(`${botId}/${localeId}/${intentId}`);
  if (!store.intents.get(`${botId}/${localeId}/${fallback.id}`)) put(fallback.id, fallback.given);
  for (const intent of intents) put(ids.get(intent.intentName) ?? store.id(), intent);
}

function shownImport({ importId, given, botId, botName, ...rest }: Import) {
  const { status, failureReasons, createdAt, updatedAt } = rest;
  return {
    ...{ importId, ...given, importStatus: status },
    ...(status === "Completed" && { importedResourceId: botId, importedResourceName: botName }),
    ...(failureReasons && { failureReasons }),
    creationDateTime: seconds(createdAt),
    lastUpdatedDateTime: seconds(updatedAt),
  };
}
