import type { Operation } from "../http/operation.ts";
import type { World } from "../world.ts";
import { type V1Answerer, v1Answerer } from "./v1-answer.ts";
import { v1BotOperations } from "./v1-bots.ts";
import { v1IntentOperations } from "./v1-intents.ts";
import { v1Store } from "./v1-store.ts";
import { type V2Answerer, v2Answerer } from "./v2-answer.ts";
import { v2BotOperations } from "./v2-bots.ts";
import { v2ImportOperations } from "./v2-imports.ts";
import { v2IntentOperations } from "./v2-intents.ts";
import { v2Store } from "./v2-store.ts";

/** The paths of Lex V2's operations for building bots (service model lexv2-models 2020-08-07). */
const v2Paths: Readonly<Record<string, string>> = {
  createBot: "PUT /bots",
  listBots: "POST /bots",
  describeBot: "GET /bots/{botId}",
  createBotVersion: "PUT /bots/{botId}/botversions",
  listBotVersions: "POST /bots/{botId}/botversions",
  describeBotVersion: "GET /bots/{botId}/botversions/{botVersion}",
  deleteBotVersion: "DELETE /bots/{botId}/botversions/{botVersion}",
  createBotAlias: "PUT /bots/{botId}/botaliases",
  listBotAliases: "POST /bots/{botId}/botaliases",
  describeBotAlias: "GET /bots/{botId}/botaliases/{botAliasId}",
  updateBotAlias: "PUT /bots/{botId}/botaliases/{botAliasId}",
  createBotLocale: "PUT /bots/{botId}/botversions/{botVersion}/botlocales",
  describeBotLocale: "GET /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}",
  updateBotLocale: "PUT /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}",
  buildBotLocale: "POST /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}",
  createIntent: "PUT /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}/intents",
  listIntents: "POST /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}/intents",
  describeIntent:
    "GET /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}/intents/{intentId}",
  updateIntent:
    "PUT /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}/intents/{intentId}",
  deleteIntent:
    "DELETE /bots/{botId}/botversions/{botVersion}/botlocales/{localeId}/intents/{intentId}",
  createUploadUrl: "POST /createuploadurl",
  // On AWS this one is a place in S3, whose address is signed.
  upload: "PUT /lex-uploads/{importId}",
  startImport: "PUT /imports",
  describeImport: "GET /imports/{importId}",
};

/** Those of Lex V1 (service model lex-models 2017-04-19). */
const v1Paths: Readonly<Record<string, string>> = {
  putIntent: "PUT /intents/{name}/versions/$LATEST",
  getIntent: "GET /intents/{name}/versions/{version}",
  getIntents: "GET /intents",
  createIntentVersion: "POST /intents/{name}/versions",
  deleteIntent: "DELETE /intents/{name}",
  putBot: "PUT /bots/{name}/versions/$LATEST",
  getBot: "GET /bots/{name}/versions/{versionOrAlias}",
  createBotVersion: "POST /bots/{name}/versions",
  getBotVersions: "GET /bots/{name}/versions",
  deleteBotVersion: "DELETE /bots/{name}/versions/{version}",
  putBotAlias: "PUT /bots/{botName}/aliases/{name}",
  getBotAlias: "GET /bots/{botName}/aliases/{name}",
};

type Route = readonly [route: string, operation: Operation];

const placed = (
  paths: Readonly<Record<string, string>>,
  operations: Readonly<Record<string, Operation>>,
): readonly Route[] =>
  Object.entries(operations).map(([name, operation]) => [paths[name] ?? "", operation]);

/** The operations that build bots, and what answers for the bots so built. */
export function lexModelRoutes(world: World): {
  readonly routes: readonly Route[];
  readonly answer: { readonly v1: V1Answerer; readonly v2: V2Answerer };
} {
  const v2 = v2Store(world);
  const v1 = v1Store(world);
  return {
    routes: [
      ...placed(v2Paths, {
        ...{ ...v2BotOperations(v2), ...v2IntentOperations(v2) },
        ...v2ImportOperations(v2, () => world.httpOrigin),
      }),
      ...placed(v1Paths, { ...v1BotOperations(v1), ...v1IntentOperations(v1) }),
    ],
    answer: { v1: v1Answerer(world, v1), v2: v2Answerer(world, v2) },
  };
}
