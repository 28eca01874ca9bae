import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CreateEventBusCommand } from "@aws-sdk/client-eventbridge";
import { dynamoFaqTable } from "@holdline/dynamodb";
import { syncOf } from "@holdline/faq";
import type { Emulator } from "@holdline/peers";
import { simulator } from "@holdline/simulator";
import { beforeAll, describe, expect, it } from "vitest";
import { signatureOf } from "../../packages/channels/sms-twilio/signature.ts";
import { makeTable } from "../../services/aws-emulated/provision.ts";
import { placeVariables } from "../../services/aws-emulated/variables.ts";
import { defaultMatcher } from "../../services/faq.ts";
import { pipeline } from "../../services/pipeline.ts";
import { awsClients } from "../support/aws.ts";
import { at, pairOf } from "../support/faq-pairs.ts";
import { ofType } from "./rules.ts";
import type { Registered, Synth } from "./synth.ts";

const run = promisify(execFile);
const here = import.meta.dirname;
/** Of any function's bundle. */
const mostBytes = 1_500_000;

const faqPage = `<html lang="en"><head><title>Frequently asked questions</title></head><body>
  <h1>FAQ</h1><details><summary>When are you open?</summary><p>Nine to five.</p></details>
  <details><summary>Where is the office?</summary><p>In the town hall.</p></details></body></html>`;

const record = (body: string) => ({
  messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
  receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1767225600000",
    SenderId: "AIDAIENQZJOLO23YVJ4VO",
    ApproximateFirstReceiveTimestamp: "1767225600001",
  },
  messageAttributes: {},
  md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-west-2:123456789012:queue",
  awsRegion: "us-west-2",
});

const fixture = (type: string) =>
  JSON.parse(readFileSync(resolve(here, `../events/fixtures/${type}.v1.json`), "utf8")) as Record<
    string,
    unknown
  >;

/** What a stage's queue brings: an event it declares, the first of its stream, as a rule delivers it. */
function stageEvent(name: string) {
  const stage = pipeline.find((one) => one.name === name);
  const type = stage?.on[0]?.type ?? "";
  const event = fixture(type);
  const position = { ...(event.position as object), seq: 0 };
  const detail = { ...event, position, time: new Date().toISOString() };
  const body = { version: "0", source: "holdline", "detail-type": type, detail };
  return { Records: [record(JSON.stringify(body))] };
}

/** A dead letter as a rule delivers it. */
const deadLetter = () =>
  JSON.stringify({
    ...{ version: "0", source: "holdline", "detail-type": "event.dead-lettered" },
    detail: fixture("event.dead-lettered"),
  });

const notification = (Message: object) =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "6a0d4f31-0000-5000-8000-000000000000",
    TopicArn: "arn:aws:sns:us-west-2:123456789012:texts",
    Timestamp: "2026-01-01T00:00:00.000Z",
    Message: JSON.stringify(Message),
  });
const text = {
  originationNumber: "+14255550182",
  destinationNumber: "+12065550100",
  messageKeyword: "KEYWORD_1",
  messageBody: "hello",
  inboundMessageId: "cae173d2-66b9-564c-8309-21f858e9fb84",
  previousPublishedMessageId: "",
};
const typing = {
  Id: "1c1c1c1c-0000-4000-8000-000000000001",
  AbsoluteTime: "2026-01-01T00:00:00.000Z",
  Type: "EVENT",
  ContentType: "application/vnd.amazonaws.connect.event.typing",
  ParticipantRole: "AGENT",
  InitialContactId: "4a573372-1f28-4e26-b97b-000000000001",
  ContactId: "4a573372-1f28-4e26-b97b-000000000001",
};
const call = {
  Name: "ContactFlowEvent",
  Details: {
    ContactData: {
      ContactId: "4a573372-1f28-4e26-b97b-000000000001",
      CustomerEndpoint: { Address: "+14255550182", Type: "TELEPHONE_NUMBER" },
      LanguageCode: "en-US",
    },
    Parameters: { secondsWaited: "7200" },
  },
};

const twilioForm = new URLSearchParams({
  ...{ MessageSid: `SM${"0".repeat(32)}`, From: "+14255550182", To: "+12065550101" },
  ...{ Body: "hello", NumMedia: "0", SmsStatus: "received" },
});
/** As a function URL spells a request (Lambda developer guide, "Request payload format"). */
const called = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/webhooks/sms-twilio",
  rawQueryString: "",
  headers: {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": signatureOf(
      "an auth token of nobody's",
      "https://abc.lambda-url.us-west-2.on.aws/webhooks/sms-twilio",
      twilioForm,
    ),
    host: "forged.example.com",
  },
  requestContext: {
    ...{ accountId: "anonymous", apiId: "abc", domainPrefix: "abc", routeKey: "$default" },
    domainName: "abc.lambda-url.us-west-2.on.aws",
    http: {
      ...{ method: "POST", path: "/webhooks/sms-twilio", protocol: "HTTP/1.1" },
      ...{ sourceIp: "127.0.0.1", userAgent: "TwilioProxy/1.1" },
    },
    ...{ requestId: "r-1", stage: "$default", time: "01/Jan/2026:00:00:00 +0000" },
    timeEpoch: 1_767_225_600_000,
  },
  body: Buffer.from(twilioForm.toString()).toString("base64"),
  isBase64Encoded: true,
};
const asked = {
  inputTranscript: "when are you open",
  bot: { id: "ABCDEFGHIJ", localeId: "en_US" },
  sessionState: { intent: { name: "hours", slots: {} } },
};
const said = { contentType: "PlainText", content: "The answer to hours." };

/** What each function is given and what it must answer. */
function given({ name, inputs }: Registered) {
  const stage = inputs.environment.variables.HOLDLINE_STAGE as string | undefined;
  const done = { batchItemFailures: [] };
  if (stage) return { event: stageEvent(stage), answer: done };
  if (name.startsWith("OptIn"))
    return { event: call, answer: { offered: "true", reason: "", smsNumber: "+12065550100" } };
  if (name.startsWith("DeadLetters"))
    return { event: { Records: [record(deadLetter())] }, answer: done };
  if (name.startsWith("OfferStatus")) return { event: call, answer: { status: "waiting" } };
  if (name.startsWith("FaqAnswer")) {
    const intent = { name: "hours", slots: {}, state: "Fulfilled" };
    const sessionState = { dialogAction: { type: "Close" }, intent };
    return { event: asked, answer: { sessionState, messages: [said] } };
  }
  if (name.startsWith("FaqSync"))
    return { event: {}, answer: { changed: 2, waiting: 0, shrunk: 0, unread: 0 } };
  if (name.startsWith("Chats"))
    return { event: { Records: [record(notification(typing))] }, answer: done };
  if (name.startsWith("Webhook"))
    return {
      event: called,
      answer: {
        statusCode: 200,
        headers: { "content-type": "text/xml" },
        body: "<Response/>",
      },
    };
  return { event: { Records: [record(notification(text))] }, answer: done };
}

/** Every function as SST bundled it, small enough, started where there is no `node_modules`. */
export function bundleSuite(the: () => Synth, aws: { readonly the: Emulator }) {
  describe("every function's bundle", () => {
    let endpoints: Readonly<Record<string, string>>;
    let pageUrl: string;
    beforeAll(async () => {
      const { eventBridge, dynamoDb } = awsClients(aws.the, false);
      const [bus] = ofType(the(), "aws:cloudwatch/eventBus:EventBus");
      const tables = ofType(the(), "aws:dynamodb/table:Table").map(({ inputs }) => inputs.name);
      await eventBridge.send(new CreateEventBusCommand({ Name: bus?.inputs.name }));
      for (const table of tables) await makeTable(dynamoDb, table);
      const faq = dynamoFaqTable({
        client: dynamoDb,
        table: tables.find((name) => name.includes("Faq")) ?? "",
      });
      const pairs = [pairOf("hours", { source: "https://example.org/other" })];
      await faq.apply(0, syncOf(await faq.state(), pairs, { review: "none", at }).entries);
      const page = createServer((_, response) => response.end(faqPage));
      await new Promise<void>((listening) => page.listen(0, "127.0.0.1", listening));
      pageUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}/faq`;
      const sim = await simulator({ port: 0, matcher: defaultMatcher(undefined) });
      endpoints = placeVariables(aws.the, sim.url);
      return async () => {
        page.close();
        await sim.close();
      };
    }, 60_000);

    it("is small, loads in a bare Node and handles a realistic event", async () => {
      const functions = ofType(the(), "aws:lambda/function:Function");
      expect(functions.length).toBeGreaterThan(9);
      for (const fn of functions) {
        const made = join(the().artifacts, `${fn.name.replace(/Function$/, "")}-src`);
        const folder = mkdtempSync(join(tmpdir(), "holdline-bundle-"));
        cpSync(made, folder, { recursive: true });
        const settings = JSON.parse(readFileSync(join(here, "holdline.config.json"), "utf8"));
        Object.assign(settings.faq, { pages: [pageUrl], allowPrivate: true });
        writeFileSync(join(folder, "holdline.config.json"), JSON.stringify(settings));
        const bundle = join(folder, "bundle.mjs");
        const bytes = statSync(bundle).size;
        const packed = statSync(join(made.replace(/-src$/, ""), "code.zip")).size;
        const { event, answer } = given(fn);
        const exported = fn.inputs.handler.split(".").at(-1);
        const TIMEOUT_MS = "10000";
        const runner = join(here, "lambda-runner.mjs");
        const { stdout } = await run(
          process.execPath,
          [runner, bundle, exported, JSON.stringify(event)],
          {
            cwd: folder,
            env: { ...fn.inputs.environment.variables, ...endpoints, TIMEOUT_MS },
          },
        );
        const figures = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
        const { loadMs, firstCallMs } = figures;
        console.log(
          `${fn.name.padEnd(44)} ${(bytes / 1_000).toFixed(0).padStart(5)} KB, ` +
            `${(packed / 1_000).toFixed(0)} KB packed, loaded in ${loadMs.toFixed(0)} ms, first call ${firstCallMs.toFixed(0)} ms`,
        );
        expect(figures.answer, fn.name).toEqual(answer);
        expect(bytes, fn.name).toBeLessThanOrEqual(mostBytes);
        // A map of its sources would make it four times as large to fetch; SST keeps that aside.
        expect(packed, fn.name).toBeLessThan(bytes);
      }
    }, 180_000);
  });
}
