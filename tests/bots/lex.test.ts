import { lexV1, lexV2 } from "@holdline/bots";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scriptedHttp } from "../contracts/scripted-http.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const signal = new AbortController().signal;
const question = { sessionId: "c_example", text: "hello", language: "es-419" };

let service: Awaited<ReturnType<typeof scriptedHttp>>;
beforeEach(async () => {
  service = await scriptedHttp();
});
afterEach(() => service.close());

const v2 = (more = {}) =>
  lexV2({
    client: { region: "us-west-2", endpoint: service.endpoint, credentials },
    botId: "ABCDEFGHIJ",
    botAliasId: "TSTALIASID",
    ...more,
  });
const v1 = () =>
  lexV1({
    client: { region: "us-west-2", endpoint: service.endpoint, credentials },
    botName: "Faq",
    botAlias: "PROD",
  });
const intent = { name: "Hours", state: "Fulfilled" };

describe("Lex V2", () => {
  it("joins several messages, a line each", async () => {
    const messages = [
      { contentType: "PlainText", content: "We open at 8." },
      { contentType: "PlainText", content: "See you!" },
    ];
    service.answer({ status: 200, body: JSON.stringify({ messages, sessionState: { intent } }) });
    expect(await v2().ask(question, signal)).toMatchObject({ text: "We open at 8.\nSee you!" });
  });

  it("asks in the language of the question, or in the one locale the bot has", async () => {
    service.answer({ status: 200, body: "{}" });
    await v2().ask(question, signal);
    expect(service.heard[0]?.path).toContain("/botLocales/es_419/");
    service.answer({ status: 200, body: "{}" });
    await v2({ localeId: "en_US" }).ask(question, signal);
    expect(service.heard[0]?.path).toContain("/botLocales/en_US/");
  });

  it("takes an answer without any intent for none", async () => {
    service.answer({ status: 200, body: JSON.stringify({ messages: [] }) });
    expect(await v2().ask(question, signal)).toEqual({ answered: false, reason: "fallback" });
  });

  it("knows a fallback by the name it was given", async () => {
    const messages = [{ contentType: "PlainText", content: "Sorry?" }];
    const body = { messages, sessionState: { intent: { name: "Whatever" } } };
    service.answer({ status: 200, body: JSON.stringify(body) });
    const named = v2({ fallbackIntents: ["Whatever"] });
    expect(await named.ask(question, signal)).toEqual({ answered: false, reason: "fallback" });
  });
});

describe("Lex V1", () => {
  const composite = (message: string) =>
    service.answer({
      status: 200,
      body: JSON.stringify({ intentName: "Hours", message, messageFormat: "Composite" }),
    });

  it("joins the messages of a composite", async () => {
    const messages = [
      { type: "PlainText", group: 0, value: "We open at 8." },
      { type: "SSML", group: 1, value: "<speak>See you!</speak>" },
    ];
    composite(JSON.stringify({ messages }));
    expect(await v1().ask(question, signal)).toMatchObject({ text: "We open at 8.\nSee you!" });
  });

  it("rather says nothing than a composite it cannot read", async () => {
    composite("{broken");
    expect(await v1().ask(question, signal)).toEqual({ answered: false, reason: "no-message" });
  });
});
