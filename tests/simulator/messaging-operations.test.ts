import * as L1 from "@aws-sdk/client-lex-runtime-service";
import * as L2 from "@aws-sdk/client-lex-runtime-v2";
import * as Pin from "@aws-sdk/client-pinpoint";
import * as S from "@aws-sdk/client-pinpoint-sms-voice-v2";
import * as Q from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NUMBER, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

type Up = Awaited<ReturnType<typeof standIn>>;
type Case = readonly [what: string, call: (up: Up) => Promise<unknown>, expected: object];

let up: Up;
beforeAll(async () => {
  up = await standIn({
    numbers: [{ address: NUMBER }, { address: "+12065550111", optOut: "aws" }],
  });
});
afterAll(stopAll);

const text = (more: object) => (at: Up) =>
  at.sms.send(
    new S.SendTextMessageCommand({ DestinationPhoneNumber: PHONE, MessageBody: "hi", ...more }),
  );
const asked = (more: object) => (at: Up) =>
  at.lexV2.send(
    new L2.RecognizeTextCommand({
      botId: "ABCDEFGHIJ",
      botAliasId: "TSTALIASID",
      localeId: "en_US",
      sessionId: "session-1",
      text: "when do you open",
      ...more,
    }),
  );
const askedV1 = (more: object) => (at: Up) =>
  at.lexV1.send(
    new L1.PostTextCommand({
      botName: "Faq",
      botAlias: "live",
      userId: "14255550182",
      inputText: "when do you open",
      ...more,
    }),
  );
const pinned =
  (Addresses: Record<string, Pin.AddressConfiguration>, more: object = {}) =>
  (at: Up) =>
    at.pinpoint.send(
      new Pin.SendMessagesCommand({
        ApplicationId: "app",
        MessageRequest: {
          Addresses,
          MessageConfiguration: { SMSMessage: { Body: "hi", OriginationNumber: NUMBER, ...more } },
        },
      }),
    );
const queue = (name: string) => `http://127.0.0.1/111122223333/${name}`;
const invalidField = { name: "ValidationException", Reason: "FIELD_VALIDATION_FAILED" };

const refused: readonly Case[] = [
  ["SendTextMessage to no number", text({ DestinationPhoneNumber: "0123" }), invalidField],
  [
    "SendTextMessage of blanks",
    text({ MessageBody: " \n " }),
    { ...invalidField, Fields: [{ Name: "MessageBody", Message: expect.any(String) }] },
  ],
  ["SendTextMessage of 1,601 characters", text({ MessageBody: "x".repeat(1_601) }), invalidField],
  [
    "SendTextMessage with six pairs of context",
    text({ Context: { a: "1", b: "1", c: "1", d: "1", e: "1", f: "1" } }),
    invalidField,
  ],
  [
    "SendTextMessage from no number of ours",
    text({ OriginationIdentity: "+19995550100" }),
    { name: "ResourceNotFoundException" },
  ],
  [
    "SendTextMessage for too much",
    text({ MaxPrice: "0.00001" }),
    { name: "ValidationException", Reason: "PRICE_OVER_THRESHOLD" },
  ],
  [
    "DescribeOptedOutNumbers of another list",
    (at) => at.sms.send(new S.DescribeOptedOutNumbersCommand({ OptOutListName: "Nope" })),
    { name: "ResourceNotFoundException" },
  ],
  [
    "DescribeOptedOutNumbers of six",
    (at) =>
      at.sms.send(
        new S.DescribeOptedOutNumbersCommand({
          OptOutListName: "Default",
          OptedOutNumbers: Array(6).fill(PHONE),
        }),
      ),
    invalidField,
  ],
  [
    "DeleteOptedOutNumber of one who is not",
    (at) =>
      at.sms.send(
        new S.DeleteOptedOutNumberCommand({
          OptOutListName: "Default",
          OptedOutNumber: "+19995550100",
        }),
      ),
    { name: "ResourceNotFoundException" },
  ],
  [
    "UpdatePhoneNumber of no number",
    (at) => at.sms.send(new S.UpdatePhoneNumberCommand({ PhoneNumberId: "phone-nope" })),
    { name: "ResourceNotFoundException" },
  ],
  [
    "SendMessages to nobody",
    pinned({}),
    { name: "BadRequestException", $metadata: { httpStatusCode: 400 } },
  ],
  [
    "RecognizeText with a plus in the session",
    asked({ sessionId: "+14255550182" }),
    { name: "ValidationException" },
  ],
  [
    "RecognizeText of 1,025 characters",
    asked({ text: "x".repeat(1_025) }),
    { name: "ValidationException" },
  ],
  ["RecognizeText of no bot", asked({ botId: "short" }), { name: "ValidationException" }],
  [
    "PostText with a plus in the user",
    askedV1({ userId: "+14255550182" }),
    { name: "BadRequestException" },
  ],
  [
    "GetQueueUrl of no queue",
    (at) => at.sqs.send(new Q.GetQueueUrlCommand({ QueueName: "nope" })),
    { name: "QueueDoesNotExist" },
  ],
  [
    "SendMessage to no queue",
    (at) => at.sqs.send(new Q.SendMessageCommand({ QueueUrl: queue("nope"), MessageBody: "hi" })),
    { name: "QueueDoesNotExist" },
  ],
  [
    "ReceiveMessage of eleven",
    (at) =>
      at.sqs.send(
        new Q.ReceiveMessageCommand({ QueueUrl: queue("sms-inbound"), MaxNumberOfMessages: 11 }),
      ),
    { name: "InvalidParameterValue" },
  ],
  [
    "DeleteMessage of no handle",
    (at) =>
      at.sqs.send(
        new Q.DeleteMessageCommand({ QueueUrl: queue("sms-inbound"), ReceiptHandle: "nope" }),
      ),
    { name: "ReceiptHandleIsInvalid" },
  ],
  [
    "SendMessageBatch of nothing",
    (at) =>
      at.sqs.send(new Q.SendMessageBatchCommand({ QueueUrl: queue("sms-inbound"), Entries: [] })),
    { name: "EmptyBatchRequest" },
  ],
  [
    "CreateQueue in first-in-first-out order",
    (at) => at.sqs.send(new Q.CreateQueueCommand({ QueueName: "a.fifo" })),
    { name: "UnsupportedOperation" },
  ],
  [
    "CreateQueue with other attributes",
    (at) =>
      at.sqs.send(
        new Q.CreateQueueCommand({
          QueueName: "sms-inbound",
          Attributes: { VisibilityTimeout: "7" },
        }),
      ),
    { name: "QueueNameExists" },
  ],
];

const answered: readonly Case[] = [
  [
    "SendTextMessage",
    text({ Context: { outboxId: "o-1" }, TimeToLive: 60 }),
    { MessageId: expect.any(String) },
  ],
  [
    "SendTextMessage by id of the number",
    text({ OriginationIdentity: NUMBER, DryRun: true }),
    { MessageId: expect.any(String) },
  ],
  [
    "DescribePhoneNumbers",
    (at) => at.sms.send(new S.DescribePhoneNumbersCommand({})),
    {
      PhoneNumbers: [
        { PhoneNumber: NUMBER, SelfManagedOptOutsEnabled: true, TwoWayEnabled: true },
        { SelfManagedOptOutsEnabled: false },
      ],
    },
  ],
  [
    "UpdatePhoneNumber",
    (at) =>
      at.sms.send(
        new S.UpdatePhoneNumberCommand({ PhoneNumberId: NUMBER, SelfManagedOptOutsEnabled: true }),
      ),
    { PhoneNumber: NUMBER, SelfManagedOptOutsEnabled: true },
  ],
  [
    "PutOptedOutNumber",
    (at) =>
      at.sms.send(
        new S.PutOptedOutNumberCommand({
          OptOutListName: "Default",
          OptedOutNumber: "+14255550199",
        }),
      ),
    { OptedOutNumber: "+14255550199", EndUserOptedOut: false },
  ],
  [
    "DescribeOptedOutNumbers",
    (at) => at.sms.send(new S.DescribeOptedOutNumbersCommand({ OptOutListName: "Default" })),
    { OptedOutNumbers: [{ OptedOutNumber: "+14255550199", OptedOutTimestamp: expect.any(Date) }] },
  ],
  [
    "SendMessages",
    pinned(
      {
        [PHONE]: { ChannelType: "SMS" },
        nobody: { ChannelType: "SMS" },
        "+14255550199": { ChannelType: "SMS" },
      },
      { OriginationNumber: "+12065550111" },
    ),
    {
      MessageResponse: {
        ApplicationId: "app",
        Result: {
          [PHONE]: { DeliveryStatus: "SUCCESSFUL", StatusCode: 200 },
          nobody: { DeliveryStatus: "PERMANENT_FAILURE" },
          "+14255550199": { DeliveryStatus: "OPT_OUT" },
        },
      },
    },
  ],
  [
    "RecognizeText when sure",
    asked({}),
    {
      messages: [{ content: "We open at nine.", contentType: "PlainText" }],
      sessionState: { intent: { name: "Hours", state: "Fulfilled" } },
      interpretations: [{ nluConfidence: { score: 0.9 } }, { intent: { name: "FallbackIntent" } }],
    },
  ],
  [
    "RecognizeText when unsure",
    asked({ text: "hm" }),
    {
      sessionState: { intent: { name: "FallbackIntent" } },
      interpretations: [{ intent: { name: "FallbackIntent" } }],
    },
  ],
  [
    "PostText when sure",
    askedV1({}),
    {
      intentName: "Hours",
      nluIntentConfidence: { score: 0.9 },
      message: "We open at nine.",
      dialogState: "Fulfilled",
    },
  ],
  ["PostText when unsure", askedV1({ inputText: "hm" }), { dialogState: "ElicitIntent" }],
];

describe("an operation of SMS, Lex or SQS", () => {
  it.each(answered)("answers: %s", async (_, call, expected) => {
    expect(await call(up)).toMatchObject(expected);
  });

  it.each(refused)("refuses: %s", async (_, call, expected) => {
    expect(await thrown(call(up))).toMatchObject(expected);
  });

  it("has no message at all when the bot is unsure", async () => {
    const answer = await asked({ text: "hm" })(up);
    expect(answer.messages).toBeUndefined();
    expect(answer.interpretations?.[0]?.nluConfidence).toBeUndefined();
  });
});
