import * as z from "zod";
import { type Call, type Operation, valid } from "../http/operation.ts";
import { lexModelsV2, operationOf, page, seconds, v2Error } from "./service.ts";
import { duplicated } from "./utterances.ts";
import { ListBody } from "./v2-bots.ts";
import type { Intent, IntentGiven, Locale, V2Store } from "./v2-store.ts";

const Description = z.string().max(200).nullish();
/** What makes a locale, but for its intents. */
export const LocaleBody = z.looseObject({
  nluIntentConfidenceThreshold: z.number().min(0).max(1),
  description: Description,
});
/** The name of a locale. */
export const LocaleId = z.string().regex(/^[a-z]{2,3}_[A-Z0-9]{2,3}$/);
const NewLocale = LocaleBody.extend({ localeId: LocaleId });
const Hook = z.looseObject({ enabled: z.boolean() }).nullish();
/** What makes an intent. */
export const IntentBody = z.looseObject({
  intentName: z.string().regex(/^([0-9a-zA-Z][_-]?){1,100}$/),
  description: Description,
  parentIntentSignature: z.string().nullish(),
  sampleUtterances: z
    .array(z.looseObject({ utterance: z.string().min(1).max(500) }))
    .max(1_500)
    .nullish(),
  dialogCodeHook: Hook,
  fulfillmentCodeHook: Hook,
});

/** The intent that every locale has from its beginning, always under this id. */
export const fallback = {
  id: "FALLBCKINT",
  given: { intentName: "FallbackIntent", parentIntentSignature: "AMAZON.FallbackIntent" },
} as const;
/** How many intents a locale may have. */
export const mostIntents = (localeId: string): number =>
  ["en_AU", "en_GB", "en_US"].includes(localeId) ? 1_000 : 250;
const madeMs = 1_000;
const builtMs = 20_000;

/** The operations about locales and their intents, all of them in the draft. */
export function v2IntentOperations(store: V2Store): Readonly<Record<string, Operation>> {
  const operation = operationOf(lexModelsV2);
  const check = <T>(schema: z.ZodType<T>, { body }: Call) =>
    valid(schema, body, lexModelsV2.malformed);
  const localeAt = ({ botId = "", botVersion = "", localeId = "" }: Call["path"]) =>
    store.locale(botId, botVersion, localeId);
  /** A locale whose draft may be changed now. */
  const changeable = (path: Call["path"]): Locale => {
    const locale = localeAt(path);
    if (["Creating", "Building", "Importing"].includes(locale.status))
      throw v2Error(
        "ConflictException",
        `Locale ${locale.localeId} is in status ${locale.status}; wait for it.`,
      );
    return locale;
  };
  const intentAt = ({ botId, localeId, intentId }: Call["path"], missing: string): Intent => {
    const intent = store.intents.get(`${botId}/${localeId}/${intentId}`);
    if (!intent) throw v2Error(missing, `There is no intent ${intentId}.`);
    return intent;
  };
  const put = (locale: Locale, intentId: string, given: IntentGiven, createdAt: number) => {
    const { botId, localeId } = locale;
    const intent = { intentId, botId, localeId, given, createdAt, updatedAt: Date.now() };
    store.intents.put(`${botId}/${localeId}/${intentId}`, intent);
    return intent;
  };
  const nameIsFree = ({ botId, localeId }: Locale, name: string, but?: string) => {
    for (const { intentId, given } of store.intentsOf(botId, localeId))
      if (given.intentName === name && intentId !== but)
        throw v2Error("ConflictException", `There is an intent ${name} already.`);
  };

  return {
    createBotLocale: operation(
      "CreateBotLocale",
      (call) => {
        const given = check(NewLocale, call);
        const bot = store.bot(call.path.botId ?? "");
        if (bot.status !== "Available")
          throw v2Error("ConflictException", `Bot ${bot.botId} is in status ${bot.status}.`);
        const { localeId } = given;
        if (store.locales.get(`${bot.botId}/${localeId}`))
          throw v2Error("ConflictException", `There is a locale ${localeId} already.`);
        const { localeId: _, ...settings } = given;
        const locale = {
          ...store.pending("Creating", "NotBuilt", madeMs),
          ...{ botId: bot.botId, localeId, given: settings },
        };
        store.locales.put(`${bot.botId}/${localeId}`, locale);
        put(locale, fallback.id, fallback.given, Date.now());
        return shownLocale(store, locale);
      },
      202,
    ),
    describeBotLocale: operation("DescribeBotLocale", ({ path }) =>
      shownLocale(store, localeAt(path)),
    ),
    updateBotLocale: operation(
      "UpdateBotLocale",
      (call) => {
        const given = check(LocaleBody, call);
        const locale = { ...changeable(call.path), given };
        store.touch(locale);
        return shownLocale(store, localeAt(call.path));
      },
      202,
    ),
    buildBotLocale: operation(
      "BuildBotLocale",
      ({ path }) => {
        const locale = changeable(path);
        const { botId, localeId } = locale;
        const reasons = failureReasons(store.intentsOf(botId, localeId).map(({ given }) => given));
        const pending = store.pending(
          "Building",
          reasons.length > 0 ? "Failed" : "Built",
          builtMs,
          reasons.length > 0 ? reasons : undefined,
        );
        const { failureReasons: _, ...rest } = locale;
        store.locales.put(`${botId}/${localeId}`, {
          ...{ ...rest, ...pending, createdAt: locale.createdAt, builtAt: Date.now() },
        });
        return {
          ...{ botId, botVersion: "DRAFT", localeId, botLocaleStatus: "Building" },
          lastBuildSubmittedDateTime: seconds(Date.now()),
        };
      },
      202,
    ),
    createIntent: operation("CreateIntent", (call) => {
      const given = check(IntentBody, call);
      const locale = changeable(call.path);
      const count = store.intentsOf(locale.botId, locale.localeId).length;
      const limit = mostIntents(locale.localeId);
      if (count >= limit)
        throw v2Error(
          "ServiceQuotaExceededException",
          `Locale ${locale.localeId} has ${limit} intents already.`,
        );
      nameIsFree(locale, given.intentName);
      store.touch(locale);
      return shownIntent(put(locale, store.id(), given, Date.now()));
    }),
    updateIntent: operation("UpdateIntent", (call) => {
      const given = check(IntentBody, call);
      const locale = changeable(call.path);
      const { intentId, createdAt } = intentAt(call.path, "PreconditionFailedException");
      nameIsFree(locale, given.intentName, intentId);
      store.touch(locale);
      return shownIntent(put(locale, intentId, given, createdAt));
    }),
    deleteIntent: operation(
      "DeleteIntent",
      ({ path }) => {
        const locale = changeable(path);
        const { intentId } = intentAt(path, "PreconditionFailedException");
        store.intents.remove(`${locale.botId}/${locale.localeId}/${intentId}`);
        store.touch(locale);
        return undefined;
      },
      204,
    ),
    describeIntent: operation("DescribeIntent", ({ path }) =>
      shownIntent(intentAt(path, "ResourceNotFoundException")),
    ),
    listIntents: operation("ListIntents", (call) => {
      const { maxResults, nextToken } = check(ListBody, call);
      const { botId, localeId } = localeAt(call.path);
      const all = store.intentsOf(botId, localeId).map((intent) => ({
        ...{ intentId: intent.intentId, intentName: intent.given.intentName },
        description: intent.given.description,
        parentIntentSignature: intent.given.parentIntentSignature ?? undefined,
        lastUpdatedDateTime: seconds(intent.updatedAt),
      }));
      const { items, ...more } = page(all, maxResults, nextToken);
      return { botId, botVersion: "DRAFT", localeId, intentSummaries: items, ...more };
    }),
  };
}

/** Why a locale cannot be built. */
function failureReasons(intents: readonly IntentGiven[]): readonly string[] {
  const phrased = intents.map(({ intentName, sampleUtterances }) => ({
    name: intentName,
    utterances: (sampleUtterances ?? []).map(({ utterance }) => utterance),
  }));
  if (phrased.every(({ utterances }) => utterances.length === 0))
    return ["There is no intent with a sample utterance."];
  return duplicated(phrased);
}

function shownLocale(store: V2Store, locale: Locale) {
  const { botId, localeId, given, status, failureReasons: reasons, builtAt } = locale;
  return {
    ...{ botId, botVersion: "DRAFT", localeId, ...given, botLocaleStatus: status },
    ...(reasons && { failureReasons: reasons }),
    intentsCount: store.intentsOf(botId, localeId).length,
    slotTypesCount: 0,
    creationDateTime: seconds(locale.createdAt),
    lastUpdatedDateTime: seconds(locale.updatedAt),
    ...(builtAt !== undefined && { lastBuildSubmittedDateTime: seconds(builtAt) }),
  };
}

const shownIntent = ({ intentId, botId, localeId, given, createdAt, updatedAt }: Intent) => ({
  ...{ intentId, botId, botVersion: "DRAFT", localeId, ...given },
  creationDateTime: seconds(createdAt),
  lastUpdatedDateTime: seconds(updatedAt),
});
