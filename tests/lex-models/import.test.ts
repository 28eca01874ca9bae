import * as L2 from "@aws-sdk/client-lex-models-v2";
import { LexRuntimeV2Client, RecognizeTextCommand } from "@aws-sdk/client-lex-runtime-v2";
import type { KeptPair } from "@holdline/faq";
import { lexArchive, planOf, v2Limits } from "@holdline/lex-models";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { functionArn, lexTown, manyPairs } from "../support/lex-town.ts";

type Town = Awaited<ReturnType<typeof lexTown>>;

const localeId = "en_US";
const specification = {
  botName: "holdline-faq",
  roleArn: "arn:aws:iam::111122223333:role/holdline-bot",
  dataPrivacy: { childDirected: false },
};
const archiveOf = (pairs: readonly KeptPair[], answers: "function" | "bot" = "function") =>
  lexArchive([planOf(pairs, localeId, v2Limits(localeId), answers)], {
    ...{ botName: "holdline-faq", threshold: 0.4, answers },
  });

/** What somebody does who imports by hand, with the SDK's own client. */
function byHand({ client }: Town) {
  const models = new L2.LexModelsV2Client(client);
  const runtime = new LexRuntimeV2Client({ ...client, requestHandler: new NodeHttpHandler() });

  async function until<T>(look: () => Promise<T>, is: (seen: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries++) {
      const seen = await look();
      if (is(seen)) return seen;
      if (tries > 500) throw new Error(`in vain: ${JSON.stringify(seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  return {
    models,
    async imports(zip: Uint8Array, mergeStrategy: L2.MergeStrategy = "FailOnConflict") {
      const { importId, uploadUrl = "" } = await models.send(new L2.CreateUploadUrlCommand({}));
      const put = await fetch(uploadUrl, { method: "PUT", body: Buffer.from(zip) });
      expect(put.status).toBe(200);
      const resourceSpecification = { botImportSpecification: specification };
      const start = { importId, resourceSpecification, mergeStrategy };
      const started = await models.send(new L2.StartImportCommand(start));
      expect(started.importStatus).toBe("InProgress");
      return until(
        () => models.send(new L2.DescribeImportCommand({ importId })),
        ({ importStatus }) => importStatus !== "InProgress",
      );
    },
    async builds(botId: string) {
      const draft = { botId, botVersion: "DRAFT", localeId };
      const look = () => models.send(new L2.DescribeBotLocaleCommand(draft));
      await until(look, ({ botLocaleStatus }) => botLocaleStatus === "NotBuilt");
      await models.send(new L2.BuildBotLocaleCommand(draft));
      await until(look, ({ botLocaleStatus }) => botLocaleStatus === "Built");
    },
    async releases(botId: string) {
      const { botVersion = "" } = await models.send(
        new L2.CreateBotVersionCommand({
          botId,
          botVersionLocaleSpecification: { [localeId]: { sourceBotVersion: "DRAFT" } },
        }),
      );
      await until(
        () => models.send(new L2.DescribeBotVersionCommand({ botId, botVersion })),
        ({ botStatus }) => botStatus === "Available",
      );
      const lambdaCodeHook = { lambdaARN: functionArn, codeHookInterfaceVersion: "1.0" };
      const { botAliasId = "" } = await models.send(
        new L2.CreateBotAliasCommand({
          ...{ botId, botVersion, botAliasName: "live" },
          botAliasLocaleSettings: {
            [localeId]: { enabled: true, codeHookSpecification: { lambdaCodeHook } },
          },
        }),
      );
      return botAliasId;
    },
    async asks(botId: string, botAliasId: string, text: string) {
      const place = { botId, botAliasId, localeId, sessionId: "session-1" };
      const answer = await runtime.send(new RecognizeTextCommand({ ...place, text }));
      const { name, state } = answer.sessionState?.intent ?? {};
      return { text: answer.messages?.[0]?.content, intent: name, state };
    },
    async intents(botId: string) {
      const draft = { botId, botVersion: "DRAFT", localeId, maxResults: 1_000 };
      const { intentSummaries = [] } = await models.send(new L2.ListIntentsCommand(draft));
      return intentSummaries.map(({ intentName }) => intentName).sort();
    },
  };
}

describe("the archive of a bot", () => {
  it("is imported, built and released by hand, and answers 803 questions by the function", async () => {
    const pairs = manyPairs(803);
    const hand = byHand(await lexTown(pairs));
    const done = await hand.imports(archiveOf(pairs));
    expect(done).toMatchObject({
      ...{ importStatus: "Completed", importedResourceName: "holdline-faq" },
      mergeStrategy: "FailOnConflict",
    });
    const botId = done.importedResourceId ?? "";
    expect(await hand.intents(botId)).toHaveLength(804);
    await hand.builds(botId);
    const alias = await hand.releases(botId);
    expect(await hand.asks(botId, alias, "how can i get my passport renewed")).toEqual({
      text: "To renew a passport, go to example.org/passport/renew.",
      ...{ intent: "renew_passport", state: "Fulfilled" },
    });
    expect(await hand.asks(botId, alias, "what is the weather like")).toMatchObject({
      ...{ text: undefined, intent: "FallbackIntent" },
    });
  });

  it("answers by itself where no function shall have the answers", async () => {
    const pairs = manyPairs(20);
    const hand = byHand(await lexTown([], { functions: {} }));
    const { importedResourceId: botId = "" } = await hand.imports(archiveOf(pairs, "bot"));
    await hand.builds(botId);
    expect(await hand.asks(botId, "TSTALIASID", "renew a passport")).toMatchObject({
      text: "To renew a passport, go to example.org/passport/renew.",
    });
  });

  it("changes the draft of a bot that is there, as it is told to, and not what is live", async () => {
    const pairs = manyPairs(3);
    const names = ["FallbackIntent", "renew_licence", "renew_passport", "renew_permit"];
    const hand = byHand(await lexTown(pairs));
    const { importedResourceId: botId = "" } = await hand.imports(archiveOf(pairs));
    await hand.builds(botId);
    const alias = await hand.releases(botId);
    const two = archiveOf(pairs.slice(1));

    const refused = await hand.imports(two);
    expect(refused.importStatus).toBe("Failed");
    expect(refused.failureReasons).toEqual(["There is a bot holdline-faq already."]);
    expect(await hand.intents(botId)).toEqual(names);

    const joined = await hand.imports(two, "Append");
    expect(joined.importedResourceId).toBe(botId);
    expect(await hand.intents(botId)).toEqual(names);

    await hand.imports(two, "Overwrite");
    expect(await hand.intents(botId)).toEqual(names.filter((name) => name !== "renew_passport"));
    expect(await hand.asks(botId, alias, "renew a passport")).toMatchObject({ state: "Fulfilled" });
  });

  const folder = "holdline-faq/BotLocales/en_US/Intents/renew_passport";
  const altered = (alter: (files: Record<string, Uint8Array>) => void) => {
    const files = unzipSync(archiveOf(manyPairs(3)));
    alter(files);
    return zipSync(files);
  };
  const intent = (changes: object) => (files: Record<string, Uint8Array>) => {
    const path = `${folder}/Intent.json`;
    const before = JSON.parse(strFromU8(files[path] ?? new Uint8Array()));
    files[path] = strToU8(JSON.stringify({ ...before, ...changes }));
  };
  it.each([
    ["is no archive", () => Buffer.from("not a zip"), /cannot be unpacked/],
    ["has no manifest", () => altered((files) => delete files["Manifest.json"]), /Manifest\.json/],
    [
      "has a file that is not JSON",
      () =>
        altered((files) => {
          files["holdline-faq/Bot.json"] = strToU8("{");
        }),
      /Bot\.json: is not JSON/,
    ],
    [
      "has an utterance that is too long",
      () => altered(intent({ sampleUtterances: [{ utterance: "x".repeat(501) }] })),
      /renew_passport\/Intent\.json: sampleUtterances\.0\.utterance/,
    ],
    [
      "has a name that is none",
      () => altered(intent({ name: "renew passport" })),
      /renew_passport\/Intent\.json: intentName/,
    ],
    [
      "has slots",
      () =>
        altered((files) => {
          files[`${folder}/Slots/when/Slot.json`] = strToU8("{}");
        }),
      /Slots\/when\/Slot\.json: is nothing the stand-in takes/,
    ],
  ])("fails with the reason, and nothing comes of it, when it %s", async (_, made, reason) => {
    const hand = byHand(await lexTown([]));
    const { importStatus, failureReasons } = await hand.imports(made());
    expect(importStatus).toBe("Failed");
    expect(failureReasons?.join()).toMatch(reason);
    const { botSummaries } = await hand.models.send(new L2.ListBotsCommand({}));
    expect(botSummaries).toEqual([]);
  });

  it("is not imported before it was put where it belongs", async () => {
    const { models } = byHand(await lexTown([]));
    const { importId } = await models.send(new L2.CreateUploadUrlCommand({}));
    const resourceSpecification = { botImportSpecification: specification };
    const start = { resourceSpecification, mergeStrategy: "Overwrite" } as const;
    const refused = { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } };
    for (const id of [importId, "NOSUCHID00"])
      await expect(
        models.send(new L2.StartImportCommand({ ...start, importId: id })),
      ).rejects.toMatchObject(refused);
  });
});
