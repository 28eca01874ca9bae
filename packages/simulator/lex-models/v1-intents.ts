import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { type Operation, valid } from "../http/operation.ts";
import { lexModelsV1, operationOf, page, seconds, v1Error } from "./service.ts";
import { checkChecksum, LATEST, newChecksum, type V1Intent, type V1Store } from "./v1-store.ts";

/** Names in Lex V1: letters and single underscores. */
export const v1Name = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^([A-Za-z]_?)+$/);
const Checksum = z.string().nullish();
const CodeHook = z.looseObject({ uri: z.string().min(20).max(2_048), messageVersion: z.string() });
const Body = z.looseObject({
  description: z.string().max(200).nullish(),
  sampleUtterances: z.array(z.string().min(1).max(200)).max(1_500).nullish(),
  fulfillmentActivity: z
    .looseObject({
      type: z.enum(["ReturnIntent", "CodeHook"]),
      codeHook: CodeHook.nullish(),
    })
    .nullish(),
  parentIntentSignature: z.string().nullish(),
  checksum: Checksum,
});

/** The query of a list of Lex V1. */
export const listQuery = (query: URLSearchParams) =>
  valid(
    z.object({
      maxResults: z.coerce.number().int().min(1).max(50).default(10),
      nextToken: z.string().nullish(),
      nameContains: z.string().nullish(),
    }),
    Object.fromEntries(query),
    lexModelsV1.malformed,
  );

/** The operations about intents, which all bots of an account share. */
export function v1IntentOperations(store: V1Store): Readonly<Record<string, Operation>> {
  const operation = operationOf(lexModelsV1);
  const users = (name: string, version?: string) =>
    [...store.bots.values()].find(({ given }) =>
      (given.intents ?? []).some(
        (one) => one.intentName === name && (!version || one.intentVersion === version),
      ),
    );
  const inUse = (name: string, version?: string) => {
    const bot = users(name, version);
    if (bot)
      throw v1Error("ResourceInUseException", `Bot ${bot.name} uses intent ${name}.`, {
        referenceType: "Bot",
        exampleReference: { name: bot.name, version: bot.version },
      });
  };

  return {
    putIntent: operation("PutIntent", ({ path, body }) => {
      const name = valid(v1Name(100), path.name, lexModelsV1.malformed);
      const { checksum, createVersion: _, ...given } = valid(Body, body, lexModelsV1.malformed);
      if (given.parentIntentSignature && given.sampleUtterances?.length)
        throw lexModelsV1.malformed("An intent made of a built-in one has no utterances.");
      const there = store.intents.get(`${name}/${LATEST}`);
      checkChecksum(there, checksum);
      const updatedAt = Date.now();
      const intent = {
        ...{ name, version: LATEST, checksum: newChecksum(), given, updatedAt },
        createdAt: there?.createdAt ?? updatedAt,
      };
      store.intents.put(`${name}/${LATEST}`, intent);
      return shown(intent);
    }),
    getIntent: operation("GetIntent", ({ path: { name = "", version = "" } }) =>
      shown(store.intent(name, version)),
    ),
    getIntents: operation("GetIntents", ({ query }) => {
      const { maxResults, nextToken, nameContains } = listQuery(query);
      const all = [...store.intents.values()]
        .filter(({ version, name }) => version === LATEST && name.includes(nameContains ?? ""))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(summary);
      const { items, ...more } = page(all, maxResults, nextToken);
      return { intents: items, ...more };
    }),
    createIntentVersion: operation(
      "CreateIntentVersion",
      ({ path: { name = "" }, body }) => {
        const { checksum } = valid(
          z.looseObject({ checksum: Checksum }),
          body,
          lexModelsV1.malformed,
        );
        const latest = store.intent(name, LATEST);
        if (checksum) checkChecksum(latest, checksum);
        const [, ...numbered] = store.versionsOf(store.intents, name);
        const last = numbered.at(-1);
        // Nothing changed since the last version: that one is the answer, not another.
        if (last && isDeepStrictEqual(last.given, latest.given)) return shown(last);
        const version = String(Number(last?.version ?? 0) + 1);
        const made = { ...latest, version, createdAt: Date.now() };
        store.intents.put(`${name}/${version}`, made);
        return shown(made);
      },
      201,
    ),
    deleteIntent: operation(
      "DeleteIntent",
      ({ path: { name = "" } }) => {
        store.intent(name, LATEST);
        inUse(name);
        for (const { version } of store.versionsOf(store.intents, name))
          store.intents.remove(`${name}/${version}`);
        return undefined;
      },
      204,
    ),
  };
}

const summary = ({ name, version, given, createdAt, updatedAt }: V1Intent) => ({
  ...{ name, version, description: given.description ?? undefined },
  ...{ createdDate: seconds(createdAt), lastUpdatedDate: seconds(updatedAt) },
});

const shown = (intent: V1Intent) => ({
  ...{ ...intent.given, ...summary(intent), checksum: intent.checksum },
});
