import { embeddedFaqTable } from "@holdline/embedded";
import { type FaqTable, intentName, sectionIntent } from "@holdline/faq";
import { describe, expect, it, onTestFinished } from "vitest";
import { faqAnswers } from "../../../services/faq/answer.ts";
import { at, pairOf } from "../../support/faq-pairs.ts";
import { ownFolder } from "../../support/folder.ts";
import { fill } from "../../support/lex-town.ts";

const spoken = { sessionAttributes: { language: "en" } };

const v2 = (intent: string, text = "when are you open", localeId = "en_US") => ({
  messageVersion: "1.0",
  invocationSource: "FulfillmentCodeHook",
  inputMode: "Text",
  sessionId: "s-1",
  inputTranscript: text,
  bot: { id: "ABCDEFGHIJ", name: "faq", aliasId: "LIVE000001", localeId, version: "3" },
  interpretations: [{ intent: { name: intent }, nluConfidence: 0.9 }],
  sessionState: { ...spoken, intent: { name: intent, slots: {}, state: "ReadyForFulfillment" } },
  somethingNew: true,
});
const v1 = (intent: string, text = "when are you open") => ({
  messageVersion: "1.0",
  invocationSource: "FulfillmentCodeHook",
  userId: "u-1",
  ...spoken,
  requestAttributes: null,
  bot: { name: "Faq", alias: "live", version: "3" },
  outputDialogMode: "Text",
  currentIntent: { name: intent, slots: {}, nluIntentConfidenceScore: 0.9 },
  inputTranscript: text,
});

async function answering(change: (table: FaqTable) => FaqTable = (table) => table) {
  const table = embeddedFaqTable(ownFolder());
  onTestFinished(() => table.close());
  const pairs = [pairOf("hours-1", { text: "Nine to five." }), pairOf("gone")];
  const permits = ["renew", "cancel", "transfer"].map((verb) =>
    pairOf(verb, {
      ...{ question: `How do I ${verb} a permit?`, text: `To ${verb} it, come in.` },
      section: "Permits",
    }),
  );
  await fill(table, [...pairs, ...permits]);
  await fill(table, [...pairs.slice(0, 1), ...permits]);
  const lines: string[] = [];
  const write = (facts: object, words: string) => void lines.push(JSON.stringify([facts, words]));
  const log = { debug: write, info: write, warn: write, error: write };
  return { table, lines, ask: faqAnswers(change(table), log) };
}
const saidV2 = async (answer: Promise<object>) => {
  const { messages, sessionState } = (await answer) as {
    messages: { content: string }[];
    sessionState: { intent: { state: string } };
  };
  return { text: messages[0]?.content, state: sessionState.intent.state };
};

describe("the function that answers", () => {
  it("says the answer to Lex V2 in its words, and gives the session back as it was", async () => {
    const { ask } = await answering();
    const name = intentName("hours-1");
    expect(await ask(v2(name))).toEqual({
      sessionState: {
        ...spoken,
        dialogAction: { type: "Close" },
        intent: { name, slots: {}, state: "Fulfilled" },
      },
      messages: [{ contentType: "PlainText", content: "Nine to five." }],
    });
  });

  it("says it to Lex V1 in its own", async () => {
    const { ask } = await answering();
    expect(await ask(v1(intentName("hours-1")))).toEqual({
      ...spoken,
      dialogAction: {
        ...{ type: "Close", fulfillmentState: "Fulfilled" },
        message: { contentType: "PlainText", content: "Nine to five." },
      },
    });
  });

  it("finds the pair that is asked for where an intent stands for a section", async () => {
    const { ask, table } = await answering();
    const intent = sectionIntent({ section: "Permits" }, 1);
    const asked = "i want to cancel my permit";
    expect(await saidV2(ask(v2(intent, asked)))).toEqual({
      ...{ text: "To cancel it, come in.", state: "Fulfilled" },
    });
    await fill(table, [
      pairOf("cancel", { question: "How do I cancel a permit?", text: "No.", section: "Permits" }),
    ]);
    expect((await saidV2(ask(v2(intent, asked)))).text).toBe("No.");
  });

  it("looks in a section for what is in the language that is asked in", async () => {
    const { ask, table } = await answering();
    const about = { question: "Passport renewal / renovación", section: "Passports" };
    await fill(table, [
      pairOf("en", { ...about, language: "en", text: "Come in." }),
      pairOf("es", { ...about, language: "es", text: "Venga." }),
    ]);
    const asked = (locale: string) =>
      saidV2(ask(v2(sectionIntent(about), "passport renewal renovación", locale)));
    expect((await asked("en_US")).text).toBe("Come in.");
    expect((await asked("es_US")).text).toBe("Venga.");
  });

  it.each([
    ["an intent of no pair", "nobody", /no answer to that yet/],
    ["a pair that was removed", intentName("gone"), /no longer up to date/],
  ])("is honest about %s", async (_, intent, words) => {
    const { ask } = await answering();
    const said = await saidV2(ask(v2(intent)));
    expect(said.state).toBe("Failed");
    expect(said.text).toMatch(words);
    expect(await ask(v1(intent))).toMatchObject({ dialogAction: { fulfillmentState: "Failed" } });
  });

  it("is honest about a table that cannot be read, in the customer's language", async () => {
    const { ask, lines } = await answering((table) => ({
      ...table,
      entry: () => Promise.reject(new Error("no table today")),
    }));
    expect((await saidV2(ask(v2("hours")))).text).toMatch(/cannot look that up right now/);
    expect((await saidV2(ask(v2("hours", "cuándo abren", "es_US")))).text).toMatch(
      /ahora no puedo/,
    );
    expect(lines.join()).toContain("the FAQ table cannot be read");
  });

  it("writes no word of a customer down", async () => {
    const { ask, lines } = await answering();
    await ask(v2(intentName("hours-1"), "my secret question"));
    await ask(v1("nobody", "my secret question"));
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain("secret");
  });

  it("takes nothing for an event that is none", async () => {
    const { ask } = await answering();
    await expect(ask({ hello: at })).rejects.toThrow();
  });
});
