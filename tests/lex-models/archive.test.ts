import { lexArchive, planOf, v2Limits } from "@holdline/lex-models";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { manyPairs } from "../support/lex-town.ts";

/** Every member that Lex wrote into the files of an archive it exported. */
const exported = {
  "Bot.json": [
    "dataPrivacy",
    "description",
    "identifier",
    "idleSessionTTLInSeconds",
    "name",
    "version",
  ],
  "BotLocale.json": [
    ...["description", "identifier", "name", "nluConfidenceThreshold", "version", "voiceSettings"],
  ],
  "Intent.json": [
    ...[
      "description",
      "dialogCodeHook",
      "fulfillmentCodeHook",
      "identifier",
      "initialResponseSetting",
    ],
    ...[
      "inputContexts",
      "intentClosingSetting",
      "intentConfirmationSetting",
      "kendraConfiguration",
    ],
    ...["name", "outputContexts", "parentIntentSignature", "sampleUtterances", "slotPriorities"],
  ],
} as const;

const pairs = manyPairs(803);
const archive = (answers: "function" | "bot" = "function") =>
  lexArchive([planOf(pairs, "en_US", v2Limits("en_US"), answers)], {
    ...{ botName: "Faq", threshold: 0.4, answers },
  });
const read = (zip: Uint8Array) => {
  const files = unzipSync(zip);
  return new Map(
    Object.entries(files).map(([path, bytes]) => [path, JSON.parse(strFromU8(bytes))] as const),
  );
};

describe("the archive of a bot", () => {
  it("has the files that Lex exports, where it has them, and nothing else", () => {
    const files = read(archive());
    expect(files.get("Manifest.json")).toEqual({
      metaData: { schemaVersion: "1", fileFormat: "LexJson", resourceType: "BOT" },
    });
    expect(files.get("Faq/Bot.json")).toMatchObject({
      ...{ name: "Faq", version: "DRAFT", dataPrivacy: { childDirected: false } },
    });
    expect(files.get("Faq/BotLocales/en_US/BotLocale.json")).toMatchObject({
      ...{ identifier: "en_US", name: "English (United States)", nluConfidenceThreshold: 0.4 },
    });
    const intents = [...files.keys()].filter((path) => path.endsWith("/Intent.json"));
    expect(intents).toHaveLength(804);
    for (const path of intents) {
      const { name } = files.get(path);
      expect(path).toBe(`Faq/BotLocales/en_US/Intents/${name}/Intent.json`);
    }
    expect(files.size).toBe(3 + 804);
  });

  it("has in each file every member that Lex writes", () => {
    for (const [path, content] of read(archive())) {
      const members = exported[path.split("/").at(-1) as keyof typeof exported];
      if (members) expect(Object.keys(content).sort(), path).toEqual(members);
    }
  });

  it("has the utterances, asks the function, and knows what it does not understand", () => {
    const files = read(archive());
    const folder = "Faq/BotLocales/en_US/Intents";
    expect(files.get(`${folder}/renew_passport/Intent.json`)).toMatchObject({
      sampleUtterances: [
        { utterance: "How do I renew a passport" },
        { utterance: "renew a passport" },
      ],
      fulfillmentCodeHook: { isActive: true, enabled: true },
      intentClosingSetting: null,
    });
    expect(files.get(`${folder}/FallbackIntent/Intent.json`)).toMatchObject({
      ...{ identifier: "FALLBCKINT", parentIntentSignature: "AMAZON.FallbackIntent" },
    });
  });

  it("has the answers where no function shall have them", () => {
    const path = "Faq/BotLocales/en_US/Intents/renew_passport/Intent.json";
    const { fulfillmentCodeHook, intentClosingSetting } = read(archive("bot")).get(path);
    expect(fulfillmentCodeHook).toBeNull();
    expect(intentClosingSetting.closingResponse.messageGroupsList).toMatchObject([
      { message: { plainTextMessage: { value: pairs[0]?.text } } },
    ]);
  });

  it("is the same file for the same pairs", () => {
    expect(archive()).toEqual(archive());
  });
});
