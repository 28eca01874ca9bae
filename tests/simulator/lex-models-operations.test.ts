import * as L1 from "@aws-sdk/client-lex-model-building-service";
import * as L2 from "@aws-sdk/client-lex-models-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, standIn, stopAll, thrown } from "./stand-in.ts";

type Up = Awaited<ReturnType<typeof up>>;
type Case = readonly [what: string, call: (at: Up) => Promise<unknown>, expected: object];

const roleArn = "arn:aws:iam::111122223333:role/holdline-bot";
const bot = {
  ...{ botName: "Faq", roleArn, dataPrivacy: { childDirected: false } },
  idleSessionTTLInSeconds: 300,
};
const localeId = "en_US";
const utterances = (...all: readonly string[]) => all.map((utterance) => ({ utterance }));

/** A stand-in with a built bot of each make: V2 `Faq`, V1 `Faq`, each with the intent `Hours`. */
async function up() {
  const { to, door, url } = await standIn({ speed: 1_000 });
  const v2 = new L2.LexModelsV2Client(to);
  const v1 = new L1.LexModelBuildingServiceClient(to);
  const { botId = "" } = await v2.send(new L2.CreateBotCommand(bot));
  const draft = { botId, botVersion: "DRAFT", localeId };
  const locale = (status: string) =>
    eventually(
      () => v2.send(new L2.DescribeBotLocaleCommand(draft)),
      ({ botLocaleStatus }) => botLocaleStatus === status,
    );
  await eventually(
    () => v2.send(new L2.DescribeBotCommand({ botId })),
    ({ botStatus }) => botStatus === "Available",
  );
  await v2.send(new L2.CreateBotLocaleCommand({ ...draft, nluIntentConfidenceThreshold: 0.4 }));
  await locale("NotBuilt");
  const hours = { ...draft, intentName: "Hours", sampleUtterances: utterances("when do you open") };
  const { intentId = "" } = await v2.send(new L2.CreateIntentCommand(hours));
  await v2.send(new L2.BuildBotLocaleCommand(draft));
  await locale("Built");
  const version = await v2.send(
    new L2.CreateBotVersionCommand({
      ...{ botId, description: "first" },
      botVersionLocaleSpecification: { [localeId]: { sourceBotVersion: "DRAFT" } },
    }),
  );
  await eventually(
    () => v2.send(new L2.DescribeBotVersionCommand({ botId, botVersion: version.botVersion })),
    ({ botStatus }) => botStatus === "Available",
  );
  const { botAliasId = "" } = await v2.send(
    new L2.CreateBotAliasCommand({ botId, botAliasName: "live", botVersion: "1" }),
  );
  const put = await v1.send(
    new L1.PutIntentCommand({ name: "Hours", sampleUtterances: ["when do you open"] }),
  );
  await v1.send(new L1.CreateIntentVersionCommand({ name: "Hours", checksum: put.checksum }));
  return { v1, v2, door, url, botId, draft, locale, hours, intentId, botAliasId, put };
}

let at: Up;
beforeAll(async () => {
  at = await up();
});
afterAll(stopAll);

const refusedByV2: readonly Case[] = [
  [
    "a bot of a name that is taken",
    ({ v2 }) => v2.send(new L2.CreateBotCommand(bot)),
    { name: "ConflictException", $metadata: { httpStatusCode: 409 } },
  ],
  [
    "a bot whose name has two dashes in a row",
    ({ v2 }) => v2.send(new L2.CreateBotCommand({ ...bot, botName: "a--b" })),
    { name: "ValidationException", $metadata: { httpStatusCode: 400 } },
  ],
  [
    "to describe a bot that there is not",
    ({ v2 }) => v2.send(new L2.DescribeBotCommand({ botId: "NOSUCHBOT0" })),
    { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } },
  ],
  [
    "an utterance of 501 characters",
    ({ v2, draft }) =>
      v2.send(
        new L2.CreateIntentCommand({
          ...{ ...draft, intentName: "Long", sampleUtterances: utterances("x".repeat(501)) },
        }),
      ),
    { name: "ValidationException" },
  ],
  [
    "an intent of a name that is taken",
    ({ v2, hours }) => v2.send(new L2.CreateIntentCommand(hours)),
    { name: "ConflictException" },
  ],
  [
    "to change an intent that there is not",
    ({ v2, hours }) => v2.send(new L2.UpdateIntentCommand({ ...hours, intentId: "NOSUCHINTE" })),
    { name: "PreconditionFailedException", $metadata: { httpStatusCode: 412 } },
  ],
  [
    "an alias of a version that there is not",
    ({ v2, botId }) =>
      v2.send(new L2.CreateBotAliasCommand({ botId, botAliasName: "b", botVersion: "9" })),
    { name: "PreconditionFailedException" },
  ],
  [
    "to delete a version that an alias serves",
    ({ v2, botId }) => v2.send(new L2.DeleteBotVersionCommand({ botId, botVersion: "1" })),
    { name: "PreconditionFailedException" },
  ],
];

const refusedByV1: readonly Case[] = [
  [
    "a name with a digit",
    ({ v1 }) => v1.send(new L1.PutIntentCommand({ name: "Hours2" })),
    { name: "BadRequestException", $metadata: { httpStatusCode: 400 } },
  ],
  [
    "an intent that is there, without its checksum",
    ({ v1 }) => v1.send(new L1.PutIntentCommand({ name: "Hours" })),
    { name: "PreconditionFailedException", $metadata: { httpStatusCode: 412 } },
  ],
  [
    "an intent that is not there, with a checksum",
    ({ v1 }) => v1.send(new L1.PutIntentCommand({ name: "New", checksum: "x" })),
    { name: "PreconditionFailedException" },
  ],
  [
    "utterances for an intent made of a built-in one",
    ({ v1 }) =>
      v1.send(
        new L1.PutIntentCommand({
          ...{ name: "Back", parentIntentSignature: "AMAZON.FallbackIntent" },
          sampleUtterances: ["no"],
        }),
      ),
    { name: "BadRequestException" },
  ],
  [
    "an utterance of 201 characters",
    ({ v1 }) =>
      v1.send(new L1.PutIntentCommand({ name: "L", sampleUtterances: ["x".repeat(201)] })),
    { name: "BadRequestException" },
  ],
  [
    "an intent that there is not",
    ({ v1 }) => v1.send(new L1.GetIntentCommand({ name: "Nope", version: "$LATEST" })),
    { name: "NotFoundException", $metadata: { httpStatusCode: 404 } },
  ],
  [
    "a bot of a version that there is not",
    ({ v1 }) =>
      v1.send(
        new L1.PutBotCommand({
          ...{ name: "Bot", locale: "en-US", childDirected: false },
          intents: [{ intentName: "Hours", intentVersion: "9" }],
        }),
      ),
    { name: "BadRequestException" },
  ],
  [
    "an alias of a bot that there is not",
    ({ v1 }) =>
      v1.send(new L1.PutBotAliasCommand({ name: "live", botName: "Nope", botVersion: "1" })),
    { name: "NotFoundException" },
  ],
];

describe("Lex V2's models API on the stand-in", () => {
  it.each(refusedByV2)("refuses %s", async (_, call, expected) => {
    expect(await thrown(call(at))).toMatchObject(expected);
  });

  it("has the fallback intent in every locale, and tells dates as dates", async () => {
    const { intentSummaries } = await at.v2.send(new L2.ListIntentsCommand(at.draft));
    expect(intentSummaries).toMatchObject([
      { intentId: "FALLBCKINT", parentIntentSignature: "AMAZON.FallbackIntent" },
      { intentId: at.intentId, lastUpdatedDateTime: expect.any(Date) },
    ]);
  });

  it("gives a list in pages, and takes paths that end in a slash as older clients write them", async () => {
    const first = await at.v2.send(new L2.ListIntentsCommand({ ...at.draft, maxResults: 1 }));
    expect(first.intentSummaries).toHaveLength(1);
    const { nextToken } = first;
    const second = await at.v2.send(new L2.ListIntentsCommand({ ...at.draft, nextToken }));
    expect(second.intentSummaries?.map(({ intentName }) => intentName)).toEqual(["Hours"]);
    const response = await fetch(`${at.url}/bots/`, { method: "POST", body: "{}" });
    expect(await response.json()).toMatchObject({ botSummaries: [{ botName: "Faq" }] });
  });

  it("makes no version of what is not built as it is", async () => {
    const { v2, draft, hours, intentId, botId, locale } = await up();
    await v2.send(new L2.UpdateIntentCommand({ ...hours, intentId, description: "changed" }));
    const version = new L2.CreateBotVersionCommand({
      ...{ botId, botVersionLocaleSpecification: { [localeId]: { sourceBotVersion: "DRAFT" } } },
    });
    expect(await thrown(v2.send(version))).toMatchObject({ name: "PreconditionFailedException" });
    await v2.send(new L2.BuildBotLocaleCommand(draft));
    await locale("Built");
    expect((await v2.send(version)).botVersion).toBe("2");
  });

  it("changes nothing of what is being made", async () => {
    const { to } = await standIn({ speed: 0.001 });
    const v2 = new L2.LexModelsV2Client(to);
    const { botId, botStatus } = await v2.send(new L2.CreateBotCommand(bot));
    expect(botStatus).toBe("Creating");
    const place = { botId, botVersion: "DRAFT", localeId, nluIntentConfidenceThreshold: 0.4 };
    expect(await thrown(v2.send(new L2.CreateBotLocaleCommand(place)))).toMatchObject({
      name: "ConflictException",
    });
  });

  it("puts all of an alias anew when it is updated", async () => {
    const { v2, botId } = at;
    const named = { botId, botAliasName: "other" };
    const { botAliasId = "" } = await v2.send(
      new L2.CreateBotAliasCommand({ ...named, botVersion: "1", description: "d" }),
    );
    await eventually(
      () => v2.send(new L2.DescribeBotAliasCommand({ botId, botAliasId })),
      ({ botAliasStatus }) => botAliasStatus === "Available",
    );
    await v2.send(new L2.UpdateBotAliasCommand({ ...named, botAliasId, botVersion: "1" }));
    const { description } = await v2.send(new L2.DescribeBotAliasCommand({ botId, botAliasId }));
    expect(description).toBeUndefined();
  });

  it("takes no more calls a second than AWS does", async () => {
    const { to } = await standIn({ quotas: "aws" });
    const client = new L2.LexModelsV2Client(to);
    const asked = Array.from({ length: 40 }, () => client.send(new L2.ListBotsCommand({})));
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]).toMatchObject({ reason: { name: "ThrottlingException" } });
  });
});

describe("Lex V1's models API on the stand-in", () => {
  it.each(refusedByV1)("refuses %s", async (_, call, expected) => {
    expect(await thrown(call(at))).toMatchObject(expected);
  });

  it("makes no new version of what has not changed", async () => {
    const again = await at.v1.send(new L1.CreateIntentVersionCommand({ name: "Hours" }));
    expect(again.version).toBe("1");
    const { checksum } = await at.v1.send(
      new L1.GetIntentCommand({ name: "Hours", version: "$LATEST" }),
    );
    await at.v1.send(
      new L1.PutIntentCommand({ name: "Hours", sampleUtterances: ["hours please"], checksum }),
    );
    const next = await at.v1.send(new L1.CreateIntentVersionCommand({ name: "Hours" }));
    expect(next.version).toBe("2");
  });

  it("keeps an intent that a bot uses, and says which", async () => {
    const { v1 } = at;
    await v1.send(
      new L1.PutBotCommand({
        ...{ name: "User", locale: "en-US", childDirected: false, processBehavior: "BUILD" },
        intents: [{ intentName: "Hours", intentVersion: "1" }],
      }),
    );
    expect(await thrown(v1.send(new L1.DeleteIntentCommand({ name: "Hours" })))).toMatchObject({
      ...{ name: "ResourceInUseException", referenceType: "Bot" },
      exampleReference: { name: "User" },
    });
  });

  it("builds in its time, and publishes only what is built", async () => {
    const { v1 } = at;
    const name = "Slow";
    await v1.send(
      new L1.PutBotCommand({
        ...{ name, locale: "en-US", childDirected: false, processBehavior: "SAVE" },
        intents: [{ intentName: "Hours", intentVersion: "1" }],
      }),
    );
    const version = new L1.CreateBotVersionCommand({ name });
    expect(await thrown(v1.send(version))).toMatchObject({ name: "BadRequestException" });
    const { checksum } = await v1.send(new L1.GetBotCommand({ name, versionOrAlias: "$LATEST" }));
    const built = await v1.send(
      new L1.PutBotCommand({
        ...{ name, locale: "en-US", childDirected: false, processBehavior: "BUILD", checksum },
        intents: [{ intentName: "Hours", intentVersion: "1" }],
      }),
    );
    expect(built.status).toBe("BUILDING");
    await eventually(
      () => v1.send(new L1.GetBotCommand({ name, versionOrAlias: "$LATEST" })),
      ({ status }) => status === "READY",
    );
    expect((await v1.send(version)).version).toBe("1");
  });
});
