import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import { marked } from "./build.ts";
import type { Answers, IntentPlan, LocalePlan } from "./plan.ts";

/** The moment all files of an archive bear, so that the same plan is the same file: the first a zip can. */
const mtime = new Date(1980, 0, 1);

/** What an archive is made of beside its locales. */
export interface ArchiveTerms {
  readonly botName: string;
  readonly threshold: number;
  readonly answers: Answers;
}

/**
 * A bot as a file that Lex V2 imports. The layout is that of the developer guide, spelled as in an
 * archive that Lex exported (aws-samples/amazon-connect-step-by-step-guides-module-library, modules/
 * LexIntegration): there the manifest says `metaData` and version `1`.
 */
export function lexArchive(
  locales: readonly LocalePlan[],
  { botName, threshold, answers }: ArchiveTerms,
): Uint8Array {
  const files: [string, object][] = [
    [
      "Manifest.json",
      { metaData: { schemaVersion: "1", fileFormat: "LexJson", resourceType: "BOT" } },
    ],
    [
      `${botName}/Bot.json`,
      {
        ...{ name: botName, version: "DRAFT", description: marked("bot") },
        identifier: identifierOf(botName),
        ...{ dataPrivacy: { childDirected: false }, idleSessionTTLInSeconds: 300 },
      },
    ],
  ];
  for (const { localeId, intents } of locales) {
    const folder = `${botName}/BotLocales/${localeId}`;
    files.push([
      `${folder}/BotLocale.json`,
      {
        ...{ name: localeName(localeId), identifier: localeId, version: null, description: null },
        ...{ voiceSettings: null, nluConfidenceThreshold: threshold },
      },
    ]);
    files.push([`${folder}/Intents/FallbackIntent/Intent.json`, fallback]);
    for (const intent of intents)
      files.push([`${folder}/Intents/${intent.name}/Intent.json`, intentFile(intent, answers)]);
  }
  return zipSync(
    Object.fromEntries(files.map(([path, content]) => [path, strToU8(JSON.stringify(content))])),
    { level: 9, mtime },
  );
}

/** Lex names its own things anew when it imports; an archive's ids only have to look like its ids. */
const identifierOf = (name: string): string =>
  createHash("sha256")
    .update(name)
    .digest("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .toUpperCase()
    .slice(0, 10);

const localeName = (localeId: string): string => {
  const named = new Intl.DisplayNames("en", { type: "language", languageDisplay: "standard" });
  return named.of(localeId.replace("_", "-")) ?? localeId;
};

/** What every intent has, whether it says anything of it or not. */
const blank = {
  ...{ description: null, parentIntentSignature: null, sampleUtterances: null },
  ...{ intentConfirmationSetting: null, intentClosingSetting: null, initialResponseSetting: null },
  ...{ inputContexts: null, outputContexts: null, kendraConfiguration: null },
  ...{ dialogCodeHook: null, fulfillmentCodeHook: null, slotPriorities: [] },
};

const fallback = {
  ...blank,
  ...{ name: "FallbackIntent", identifier: "FALLBCKINT" },
  description: "Default intent when no other intent matches",
  parentIntentSignature: "AMAZON.FallbackIntent",
};

const intentFile = ({ name, ids, utterances, answer, digest }: IntentPlan, answers: Answers) => ({
  ...blank,
  ...{ name, identifier: identifierOf(name) },
  description: marked(digest, ids.length === 1 ? ids[0] : `${ids.length} pairs`),
  sampleUtterances: utterances.map((utterance) => ({ utterance })),
  ...(answers === "bot"
    ? { intentClosingSetting: closing(answer ?? "") }
    : {
        fulfillmentCodeHook: {
          ...{ isActive: true, enabled: true, fulfillmentUpdatesSpecification: null },
          postFulfillmentStatusSpecification: null,
        },
      }),
});

const closing = (value: string) => ({
  isActive: true,
  closingResponse: {
    allowInterrupt: true,
    messageGroupsList: [
      {
        message: {
          ...{ imageResponseCard: null, ssmlMessage: null, customPayload: null },
          plainTextMessage: { value },
        },
        variations: null,
      },
    ],
  },
  nextStep: {
    sessionAttributes: null,
    dialogAction: { type: "EndConversation", slotToElicit: null, suppressNextMessage: null },
    intent: { name: null, slots: null },
  },
});
