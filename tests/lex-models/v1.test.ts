import { LexRuntimeServiceClient, PostTextCommand } from "@aws-sdk/client-lex-runtime-service";
import type { KeptPair } from "@holdline/faq";
import { buildV1, planOf, v1Limits, writesOf } from "@holdline/lex-models";
import { describe, expect, it } from "vitest";
import { fill, functionArn, lexTown, manyPairs } from "../support/lex-town.ts";

type Town = Awaited<ReturnType<typeof lexTown>>;

const planned = (pairs: readonly KeptPair[]) => planOf(pairs, "en_US", v1Limits);
const terms = {
  ...{ botName: "HoldlineFaq", alias: "live", functionArn, threshold: 0.4 },
  ...{ perSecond: Number.POSITIVE_INFINITY, everyMs: 5, progress: () => {} },
  signal: new AbortController().signal,
};
const build = ({ client }: Town, pairs: readonly KeptPair[], more: object = {}) =>
  buildV1({ ...client, maxAttempts: 1 }, planned(pairs), { ...terms, ...more });

async function ask({ client }: Town, inputText: string) {
  const runtime = new LexRuntimeServiceClient(client);
  const answer = await runtime.send(
    new PostTextCommand({
      botName: terms.botName,
      botAlias: terms.alias,
      userId: "u-1",
      inputText,
    }),
  );
  runtime.destroy();
  return { text: answer.message, intent: answer.intentName, state: answer.dialogState };
}

const renew = "how do i renew a passport";
const renewed = "To renew a passport, go to example.org/passport/renew.";

describe("a Lex V1 bot", () => {
  it("is built of versions of intents, and afterwards only what changed is told to Lex", async () => {
    const pairs = manyPairs(200);
    const town = await lexTown(pairs);
    const first = await build(town, pairs);
    expect(writesOf(first.calls)).toEqual({
      ...{ PutIntent: 201, CreateIntentVersion: 201, PutBot: 1, CreateBotVersion: 1 },
      PutBotAlias: 1,
    });
    expect(await ask(town, renew)).toMatchObject({ text: renewed, state: "Fulfilled" });
    expect((await ask(town, "what is the weather like")).intent).toBe("FallbackIntent");
    expect(writesOf((await build(town, pairs)).calls)).toEqual({});

    const text = "Passports are renewed at the town hall.";
    const [one, ...others] = pairs as [KeptPair, ...KeptPair[]];
    const changed = [{ ...one, answer: text, text }, ...others.slice(0, -1)];
    await fill(town.table, changed);
    const { calls, deleted } = await build(town, changed);
    // The intent that is gone is deleted with the last version of the bot that has it.
    expect(writesOf(calls)).toEqual({
      ...{ CreateIntentVersion: 1, PutBot: 1, CreateBotVersion: 1, PutBotAlias: 1 },
      DeleteIntent: 1,
    });
    expect(deleted).toBe(0);
    expect((await ask(town, renew)).text).toBe(text);

    const third = await build(town, changed.slice(0, -1));
    expect(writesOf(third.calls)).toMatchObject({ DeleteBotVersion: 1, DeleteIntent: 2 });
    expect(third.deleted).toBe(1);
  }, 60_000);

  it("of 803 pairs has an intent for a section where it has no room for each, and answers by the pair", async () => {
    const pairs = manyPairs(803);
    const plan = planned(pairs);
    expect(plan.intents.length).toBeLessThanOrEqual(249);
    expect(plan.groups.reduce((sum, { pairs: of }) => sum + of, 0)).toBeGreaterThan(500);
    const town = await lexTown(pairs);
    await build(town, pairs);
    for (const { question, text } of [pairs[0], pairs[400], pairs[802]] as KeptPair[])
      expect((await ask(town, question)).text).toBe(text);
    const [one, ...others] = pairs as [KeptPair, ...KeptPair[]];
    await fill(town.table, [{ ...one, text: "Other." }, ...others]);
    expect((await ask(town, one.question)).text).toBe("Other.");
  }, 60_000);

  it.each([
    "PutIntent",
    "lex-models-v1.CreateIntentVersion",
    "PutBot",
    "lex-models-v1.CreateBotVersion",
    "PutBotAlias",
  ])(
    "whose build fails at %s serves what it served, and the next run goes on",
    async (operation) => {
      const before = manyPairs(30);
      const after = manyPairs(60).slice(5);
      const town = await lexTown(manyPairs(60));
      await build(town, before);
      await town.faults({ fail: { operation, error: "InternalFailureException" } });
      await expect(build(town, after)).rejects.toThrow();
      expect((await ask(town, renew)).intent).toBe("renew_passport");
      await build(town, after);
      expect((await ask(town, "how do i cancel a dog tag")).intent).toBe("cancel_dog_tag");
      expect((await ask(town, renew)).intent).not.toBe("renew_passport");
      expect(writesOf((await build(town, after)).calls)).toEqual({});
    },
  );

  it("has the new version of an intent that a run had changed before it ended", async () => {
    const pairs = manyPairs(10);
    const [one, ...others] = pairs as [KeptPair, ...KeptPair[]];
    const town = await lexTown(pairs);
    await build(town, pairs);
    const worded = [{ ...one, question: "Where does my old travel document go?" }, ...others];
    const operation = "lex-models-v1.CreateIntentVersion";
    await town.faults({ fail: { operation, error: "InternalFailureException" } });
    await expect(build(town, worded)).rejects.toThrow();
    await build(town, worded);
    expect((await ask(town, "where does my old travel document go")).intent).toBe("renew_passport");
  });

  it("that Lex could not build says why", async () => {
    const town = await lexTown(manyPairs(5));
    await build(town, manyPairs(5));
    const plan = planned(manyPairs(6));
    const [one, two, ...rest] = plan.intents;
    if (!one || !two) throw new Error("two intents are needed");
    const same = { ...two, utterances: one.utterances, digest: "x" };
    await expect(
      buildV1(town.client, { ...plan, intents: [one, same, ...rest] }, terms),
    ).rejects.toThrow(/was not built: .*same sample utterance.*serves still/);
    expect((await ask(town, renew)).text).toBe(renewed);
  });

  it("goes back to the version before when a check of what is live finds no answer", async () => {
    const town = await lexTown(manyPairs(60));
    await build(town, manyPairs(30));
    const check = async () => "no answer came";
    await expect(build(town, manyPairs(60).slice(5), { check })).rejects.toThrow(/serves still/);
    expect((await ask(town, renew)).intent).toBe("renew_passport");
  });

  it("is told of another function by every intent", async () => {
    const town = await lexTown(manyPairs(5));
    await build(town, manyPairs(5));
    const { calls } = await build(town, manyPairs(5), { functionArn: `${functionArn}-2` });
    expect(writesOf(calls)).toMatchObject({ PutIntent: 5, PutBotAlias: 1 });
  });

  it("takes no intent of the account that is not its own", async () => {
    const town = await lexTown(manyPairs(5));
    await build(town, manyPairs(5));
    await expect(build(town, manyPairs(5), { botName: "OtherBot" })).rejects.toThrow(
      /intent renew_\w+ that was not made here for bot OtherBot/,
    );
  });
});
