import { embeddedFaqTable } from "@holdline/embedded";
import { buildV1, buildV2, planOf, v1Limits, v2Limits } from "@holdline/lex-models";
import { describe, expect, it, onTestFinished } from "vitest";
import { pairOf } from "../support/faq-pairs.ts";
import { fill, functionArn } from "../support/lex-town.ts";
import { type Town, town } from "./town.ts";

const hours = (text: string) =>
  pairOf("hours", { question: "When is the library open?", answer: text, text });
const pairs = [
  hours("Nine to five."),
  pairOf("card", { question: "How do I get a library card?", text: "Bring an id." }),
];

/** A bot of the table, by the models API, and what the settings say of it. */
async function built(awsUrl: string, make: "lex-v2" | "lex-v1") {
  const client = {
    ...{ endpoint: awsUrl, region: "us-west-2" },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const terms = {
    ...{ botName: "Faq", alias: "live", threshold: 0.4, functionArn },
    ...{ perSecond: 1_000, everyMs: 20, progress() {} },
    signal: new AbortController().signal,
  };
  if (make === "lex-v1") {
    await buildV1(client, planOf(pairs, "en_US", v1Limits), terms);
    return { kind: make, botName: "Faq", alias: "live" };
  }
  const { botId, aliasId } = await buildV2(client, [planOf(pairs, "en_US", v2Limits("en_US"))], {
    ...{ ...terms, roleArn: "arn:aws:iam::111122223333:role/holdline-bot" },
  });
  return { kind: make, botId, aliasId, locale: "en_US" };
}

async function inLine(the: Town) {
  const phone = the.phone("+14255550182");
  await the.call(phone.number);
  await phone.receives(/go on by text/);
  await phone.texts("YES");
  await phone.receives(/in line/);
  return phone;
}

describe("a page that became a bot", () => {
  it.each(["lex-v2", "lex-v1"] as const)(
    "answers texts from the table by a bot of %s, and says a changed answer without a build",
    async (make) => {
      const the = await town({}, { speed: 500 });
      const table = embeddedFaqTable(the.folder);
      onTestFinished(() => table.close());
      await fill(table, pairs);
      await the.restart({ bots: { default: await built(the.awsUrl, make) } });
      const phone = await inLine(the);

      await phone.texts("what time does the library open");
      await phone.receives(/^Nine to five\.$/);
      await phone.texts("what's the weather like");
      await phone.receives(/I don't know that one/);
      await fill(table, [hours("Ten to six."), ...pairs.slice(1)]);
      await phone.texts("when is the library open on monday");
      await phone.receives(/^Ten to six\.$/);
      const [answered] = (await the.events()).filter(({ type }) => type === "bot.answered");
      expect(answered?.data).toMatchObject({ intent: "hours" });
    },
  );
});
