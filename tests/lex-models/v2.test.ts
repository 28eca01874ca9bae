import { LexRuntimeV2Client, RecognizeTextCommand } from "@aws-sdk/client-lex-runtime-v2";
import type { KeptPair } from "@holdline/faq";
import { buildV2, planOf, v2Limits, writesOf } from "@holdline/lex-models";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { describe, expect, it } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { fill, functionArn, lexTown, manyPairs } from "../support/lex-town.ts";

type Town = Awaited<ReturnType<typeof lexTown>>;

const role = "arn:aws:iam::111122223333:role/holdline-bot";
const planned = (pairs: readonly KeptPair[], localeId = "en_US") =>
  planOf(pairs, localeId, v2Limits(localeId));
const terms = {
  ...{ botName: "holdline-faq", alias: "live", roleArn: role, functionArn, threshold: 0.4 },
  ...{ perSecond: Number.POSITIVE_INFINITY, everyMs: 5, progress: () => {} },
  signal: new AbortController().signal,
};
const build = ({ client }: Town, pairs: readonly KeptPair[], more: object = {}) =>
  buildV2({ ...client, maxAttempts: 1 }, [planned(pairs)], { ...terms, ...more });

async function ask({ client }: Town, place: { botId: string; aliasId: string }, text: string) {
  const runtime = new LexRuntimeV2Client({ ...client, requestHandler: new NodeHttpHandler() });
  const { messages, sessionState } = await runtime.send(
    new RecognizeTextCommand({
      ...{ botId: place.botId, botAliasId: place.aliasId, localeId: "en_US" },
      ...{ sessionId: "session-1", text },
    }),
  );
  runtime.destroy();
  const { name, state } = sessionState?.intent ?? {};
  return { text: messages?.[0]?.content, intent: name, state };
}

describe("a Lex V2 bot of 803 pairs", () => {
  it("is built, answers through its alias, and afterwards only what changed is told to Lex", async () => {
    const pairs = manyPairs(803);
    const town = await lexTown(pairs);

    const first = await build(town, pairs);
    expect(writesOf(first.calls)).toEqual({
      ...{ CreateBot: 1, CreateBotLocale: 1, CreateIntent: 803, BuildBotLocale: 1 },
      ...{ CreateBotVersion: 1, CreateBotAlias: 1 },
    });
    expect(await ask(town, first, "how can i get my passport renewed")).toMatchObject({
      text: "To renew a passport, go to example.org/passport/renew.",
      state: "Fulfilled",
    });
    expect(await ask(town, first, "what is the weather like")).toEqual({
      ...{ text: undefined, intent: "FallbackIntent", state: "ReadyForFulfillment" },
    });

    const again = await build(town, pairs);
    expect(writesOf(again.calls)).toEqual({});
    expect(again.moved).toBe(false);

    // An answer changes in the table alone: the function looks it up.
    const text = "Passports are renewed at the town hall.";
    const [renew, ...others] = pairs as [KeptPair, ...KeptPair[]];
    const changed = [{ ...renew, answer: text, text }, ...others];
    await fill(town.table, changed);
    expect(writesOf((await build(town, changed)).calls)).toEqual({});
    expect((await ask(town, first, "how do i renew a passport")).text).toBe(text);

    const fewer = changed.slice(0, -1);
    await fill(town.table, fewer);
    const removed = await build(town, fewer);
    expect(writesOf(removed.calls)).toEqual({
      ...{ DeleteIntent: 1, BuildBotLocale: 1, CreateBotVersion: 1, UpdateBotAlias: 1 },
    });

    const question = "Where do I get a new passport when mine ran out?";
    const worded = [{ ...changed[0], question } as KeptPair, ...fewer.slice(1)];
    const reworded = await build(town, worded);
    expect(writesOf(reworded.calls)).toEqual({
      ...{ UpdateIntent: 1, BuildBotLocale: 1, CreateBotVersion: 1, UpdateBotAlias: 1 },
    });
    expect(reworded.version).toBe("3");
    expect((await ask(town, reworded, "my passport ran out, where do i get one")).text).toBe(text);
  }, 120_000);
});

describe("a build that fails in the middle", () => {
  const before = manyPairs(30);
  const after = manyPairs(60).slice(5);
  const oldOnly = "how do i renew a passport";
  const newOnly = "how do i cancel a dog tag";

  it.each([
    "CreateIntent",
    "DeleteIntent",
    "BuildBotLocale",
    "CreateBotVersion",
    "DescribeBotVersion",
    "UpdateBotAlias",
  ])(
    "at %s leaves the alias serving what it served, and the next run goes on",
    async (operation) => {
      const town = await lexTown(manyPairs(60));
      const first = await build(town, before);
      await town.faults({ fail: { operation, error: "InternalServerException" } });
      await expect(build(town, after)).rejects.toThrow();
      expect((await ask(town, first, oldOnly)).intent).toBe("renew_passport");
      expect((await ask(town, first, newOnly)).intent).not.toBe("cancel_dog_tag");

      await build(town, after);
      expect((await ask(town, first, newOnly)).intent).toBe("cancel_dog_tag");
      expect((await ask(town, first, oldOnly)).text).not.toContain("passport/renew");
      expect(writesOf((await build(town, after)).calls)).toEqual({});
    },
  );

  it("because Lex could not build it says why, and moves nothing", async () => {
    const town = await lexTown(before);
    const first = await build(town, before);
    const plan = planned(after);
    const [one, two, ...rest] = plan.intents;
    if (!one || !two) throw new Error("two intents are needed");
    const twice = {
      ...plan,
      intents: [one, { ...two, utterances: one.utterances, digest: "x" }, ...rest],
    };
    await expect(buildV2(town.client, [twice], terms)).rejects.toThrow(
      /not built \(Failed\).*same sample utterance.*serves still/,
    );
    expect((await ask(town, first, oldOnly)).intent).toBe("renew_passport");
  });

  it("in a check of what is live puts the alias back", async () => {
    const town = await lexTown(manyPairs(60));
    const first = await build(town, before);
    const check = async () => "no answer came";
    await expect(build(town, after, { check })).rejects.toThrow(
      /version 2 was asked a question of its own: no answer came.*serves still/,
    );
    expect((await ask(town, first, oldOnly)).intent).toBe("renew_passport");
    expect((await ask(town, first, newOnly)).intent).not.toBe("cancel_dog_tag");
  });
});

describe("a Lex V2 bot", () => {
  it("touches no intent that somebody else made", async () => {
    const town = await lexTown(manyPairs(5));
    const { botId } = await build(town, manyPairs(5));
    const path = `/bots/${botId}/botversions/DRAFT/botlocales/en_US/intents`;
    const body = JSON.stringify({ intentName: "Theirs", sampleUtterances: [] });
    await fetch(`${town.client.endpoint}${path}`, { method: "PUT", body });
    await expect(build(town, manyPairs(6))).rejects.toThrow(
      /intent Theirs, which was not made here/,
    );
  });

  it("is not made without a role, and the error says so", async () => {
    const town = await lexTown([]);
    await expect(build(town, manyPairs(2), { roleArn: undefined })).rejects.toThrow(/--role/);
  });

  it("speaks several languages, each with what is in it", async () => {
    const spanish = manyPairs(4).map((pair) => ({
      ...{ ...pair, id: `${pair.id}-es`, language: "es" },
      question: pair.question.replace("How do I", "Cómo hago"),
    }));
    const pairs = [...manyPairs(5), ...spanish];
    const town = await lexTown(pairs);
    const locales = ["en_US", "es_US"].map((localeId) => planned(pairs, localeId));
    expect(locales.map(({ intents }) => intents.length)).toEqual([5, 4]);
    const { calls } = await buildV2(town.client, locales, terms);
    expect(writesOf(calls)).toMatchObject({
      CreateBotLocale: 2,
      BuildBotLocale: 2,
      CreateBotVersion: 1,
    });
  });

  it("answers by itself when it has the answers itself, and Lex is told of a new one", async () => {
    const town = await lexTown([]);
    const own = (pairs: readonly KeptPair[]) =>
      buildV2(town.client, [planOf(pairs, "en_US", v2Limits("en_US"), "bot")], {
        ...terms,
        functionArn: undefined,
      });
    const [renew, ...others] = manyPairs(5) as [KeptPair, ...KeptPair[]];
    const first = await own([renew, ...others]);
    expect((await ask(town, first, "how do i renew a passport")).text).toBe(renew.text);
    const { calls } = await own([{ ...renew, text: "Other." }, ...others]);
    expect(writesOf(calls)).toMatchObject({ UpdateIntent: 1 });
    expect((await ask(town, first, "how do i renew a passport")).text).toBe("Other.");
  });

  it("is there, and answers, after the stand-in was started again", async () => {
    const dataDir = ownFolder();
    const town = await lexTown(manyPairs(5), { dataDir });
    const built = await build(town, manyPairs(5));
    await town.sim.close();
    const again = await lexTown(manyPairs(5), { dataDir });
    expect((await ask(again, built, "how do i renew a passport")).intent).toBe("renew_passport");
    expect(writesOf((await build(again, manyPairs(5))).calls)).toEqual({});
  });

  it("keeps within the pace that it is told", async () => {
    const town = await lexTown([], { quotas: "aws" });
    const { calls } = await build(town, manyPairs(45), { perSecond: 10 });
    expect(writesOf(calls)).toMatchObject({ CreateIntent: 45 });
  });
});
