import { lexV1, lexV2 } from "@holdline/bots";
import { describe, expect, it } from "vitest";
import { type BotWire, botContract } from "./bot.ts";
import type { Script } from "./scripted-http.ts";

const client = {
  region: "us-west-2",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
};
const json = (body: object): Script => ({ status: 200, body: JSON.stringify(body) });
/** Both runtimes are REST JSON: the code is in a header. */
const error = (type: string, status: number): Script => ({
  status,
  headers: { "x-amzn-errortype": type },
  body: JSON.stringify({ message: "as the service says" }),
});
const segment = (path: string, after: string) =>
  decodeURIComponent(new RegExp(`/${after}/([^/]+)/`).exec(path)?.[1] ?? "");
const busy = { retry: "bot-conflict", counts: true };
const throttled = { retry: "bot-throttled", counts: false };
const unavailable = { retry: "bot-unavailable", counts: true };
const misconfigured = { deadLetter: "bot-misconfigured" };
const shared: BotWire["fails"] = [
  { name: "the session is busy", answer: error("ConflictException", 409), owes: busy },
  { name: "its Lambda fails", answer: error("DependencyFailedException", 424), owes: "bot-failed" },
  {
    name: "its Lambda answers badly",
    answer: error("BadGatewayException", 502),
    owes: "bot-failed",
  },
  { name: "a proxy fails", answer: { status: 503, body: "<html>" }, owes: unavailable },
  { name: "a proxy throttles", answer: { status: 429, body: "" }, owes: throttled },
];

const v2: BotWire = {
  speaks: ({ intent, score, slots = {}, says = [], card }) => {
    const filled = Object.fromEntries(
      Object.entries(slots).map(([name, value]) => [
        name,
        value && { value: { originalValue: value, interpretedValue: value } },
      ]),
    );
    const named = { name: intent, slots: filled, state: "InProgress", confirmationState: "None" };
    const messages = says.map(({ format, content }) => ({ contentType: format, content }));
    const cards = card ? [{ contentType: "ImageResponseCard", imageResponseCard: card }] : [];
    const understood = score === undefined ? {} : { nluConfidence: { score } };
    return json({
      ...(says.length + cards.length > 0 ? { messages: [...messages, ...cards] } : {}),
      sessionState: { dialogAction: { type: "Close" }, intent: named, sessionAttributes: {} },
      interpretations: [
        { intent: named, interpretationSource: "Lex", ...understood },
        { intent: { name: "FallbackIntent", slots: {} }, interpretationSource: "Lex" },
      ],
      sessionId: "c_example",
    });
  },
  stumped: json({
    sessionState: {
      dialogAction: { type: "Close" },
      intent: { name: "FallbackIntent", slots: {}, state: "ReadyForFulfillment" },
    },
    interpretations: [
      { intent: { name: "FallbackIntent", slots: {} }, interpretationSource: "Lex" },
      { nluConfidence: { score: 0.31 }, intent: { name: "OrderStatus", slots: { orderId: null } } },
    ],
    sessionId: "c_example",
  }),
  fails: [
    ...shared,
    { name: "throttled", answer: error("ThrottlingException", 429), owes: throttled },
    { name: "internal", answer: error("InternalServerException", 500), owes: unavailable },
    { name: "no such bot", answer: error("ResourceNotFoundException", 404), owes: misconfigured },
    { name: "wrong in form", answer: error("ValidationException", 400), owes: misconfigured },
    { name: "not allowed", answer: error("AccessDeniedException", 403), owes: misconfigured },
  ],
  asked: ({ path, body }) => {
    expect(path).toMatch(/^\/bots\/ABCDEFGHIJ\/botAliases\/TSTALIASID\/botLocales\/en_US\//);
    return { sessionId: segment(path, "sessions"), text: JSON.parse(body).text };
  },
};

const v1: BotWire = {
  speaks: ({ intent, score, slots = {}, says = [], card }) =>
    json({
      intentName: intent,
      ...(score === undefined ? {} : { nluIntentConfidence: { score } }),
      slots,
      ...(says[0] ? { message: says[0].content, messageFormat: says[0].format } : {}),
      dialogState: "Fulfilled",
      responseCard: card && {
        version: "1",
        contentType: "application/vnd.amazonaws.card.generic",
        genericAttachments: [{ title: card.title, subTitle: card.subtitle, buttons: card.buttons }],
      },
      sessionId: "2026-11-22T19:16:00.000Z-abcdef",
    }),
  stumped: json({
    intentName: null,
    message: "Could you say that again?",
    messageFormat: "PlainText",
    dialogState: "ElicitIntent",
  }),
  fails: [
    ...shared,
    { name: "throttled", answer: error("LimitExceededException", 429), owes: throttled },
    { name: "it goes in circles", answer: error("LoopDetectedException", 508), owes: "bot-failed" },
    { name: "internal", answer: error("InternalFailureException", 500), owes: unavailable },
    { name: "no such bot", answer: error("NotFoundException", 404), owes: misconfigured },
    { name: "wrong in form", answer: error("BadRequestException", 400), owes: misconfigured },
  ],
  asked: ({ path, body }) => {
    expect(path).toMatch(/^\/bot\/HoldlineFaq\/alias\/PROD\/user\//);
    return { sessionId: segment(path, "user"), text: JSON.parse(body).inputText };
  },
};

describe("Lex V2", () => {
  botContract(
    ({ endpoint, ...terms }) =>
      lexV2({
        ...terms,
        client: { ...client, endpoint },
        botId: "ABCDEFGHIJ",
        botAliasId: "TSTALIASID",
      }),
    v2,
  );
});

describe("Lex V1", () => {
  botContract(
    ({ endpoint, ...terms }) =>
      lexV1({
        ...terms,
        client: { ...client, endpoint },
        botName: "HoldlineFaq",
        botAlias: "PROD",
      }),
    v1,
  );
});

describe("settings", () => {
  it("names the wrong setting and how to mend it", () => {
    expect(() => lexV2({ client, botId: "my-bot", botAliasId: "TSTALIASID" })).toThrow(
      /lex-v2: setting `botId`.*the bot's ID, not its name/,
    );
    expect(() => lexV1({ client, botName: "Faq2", botAlias: "PROD" })).toThrow(
      /lex-v1: setting `botName`.*letters and single underscores/,
    );
    const nowhere = { client: {} as typeof client, botId: "ABCDEFGHIJ", botAliasId: "TSTALIASID" };
    expect(() => lexV2(nowhere)).toThrow(/setting `client`: needs at least `region`/);
  });
});
