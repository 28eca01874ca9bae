import * as C from "@aws-sdk/client-connect";
import * as P from "@aws-sdk/client-connectparticipant";
import * as L1 from "@aws-sdk/client-lex-runtime-service";
import * as L2 from "@aws-sdk/client-lex-runtime-v2";
import * as Pin from "@aws-sdk/client-pinpoint";
import * as S from "@aws-sdk/client-pinpoint-sms-voice-v2";
import * as Q from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTANCE, NUMBER, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

type Up = Awaited<ReturnType<typeof standIn>>;
type Chat = Awaited<ReturnType<Up["chat"]>>;
type Case = readonly [
  what: string,
  call: (up: Up, chat: Chat) => Promise<unknown>,
  expected: object,
];

let up: Up;
let chat: Chat;
beforeAll(async () => {
  up = await standIn({
    numbers: [{ address: NUMBER }, { address: "+12065550111", optOut: "aws" }],
  });
  chat = await up.chat();
});
afterAll(stopAll);

const start = (more: object) => (at: Up) => at.startChat(more);
const inInstance = { InstanceId: INSTANCE };
const stream = (ContactId: string, arn = "arn:aws:sns:us-west-2:111122223333:chats") =>
  new C.StartContactStreamingCommand({
    ...inInstance,
    ContactId,
    ChatStreamingConfiguration: { StreamingEndpointArn: arn },
    ClientToken: undefined,
  });
const connection = (
  ParticipantToken: string | undefined,
  Type: P.ConnectionType[] = ["WEBSOCKET"],
) => new P.CreateParticipantConnectionCommand({ ParticipantToken, Type });
const said =
  (more: object) =>
  (at: Up, { token }: Chat) =>
    at.participant.send(
      new P.SendMessageCommand({
        ConnectionToken: token,
        ContentType: "text/plain",
        Content: "hi",
        ...more,
      }),
    );
const happened =
  (ContentType: string, Content?: string) =>
  (at: Up, { token }: Chat) =>
    at.participant.send(
      new P.SendEventCommand({
        ConnectionToken: token,
        ContentType: `application/vnd.amazonaws.connect.event.${ContentType}`,
        Content,
      }),
    );
const transcript =
  (more: object) =>
  (at: Up, { token }: Chat) =>
    at.participant.send(new P.GetTranscriptCommand({ ConnectionToken: token, ...more }));
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
  [
    "StartChatContact of another instance",
    start({ InstanceId: "nope" }),
    { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } },
  ],
  [
    "StartChatContact of another flow",
    start({ ContactFlowId: "nope" }),
    { name: "ResourceNotFoundException" },
  ],
  [
    "StartChatContact without a name",
    start({ ParticipantDetails: { DisplayName: "" } }),
    { name: "InvalidParameterException" },
  ],
  [
    "StartChatContact with too many attributes",
    start({ Attributes: { a: "x".repeat(32_000), b: "y".repeat(2_000) } }),
    { name: "InvalidParameterException" },
  ],
  [
    "StartChatContact with an odd attribute",
    start({ Attributes: { "a b": "x" } }),
    { name: "InvalidParameterException" },
  ],
  [
    "StartChatContact for too short",
    start({ ChatDurationInMinutes: 59 }),
    { name: "InvalidParameterException" },
  ],
  [
    "StartChatContact without text/plain",
    start({ SupportedMessagingContentTypes: ["text/markdown"] }),
    { name: "InvalidParameterException" },
  ],
  [
    "StopContact of nothing",
    (at) => at.connect.send(new C.StopContactCommand({ ...inInstance, ContactId: "nope" })),
    { name: "ResourceNotFoundException" },
  ],
  [
    "DescribeContact of nothing",
    (at) => at.connect.send(new C.DescribeContactCommand({ ...inInstance, ContactId: "nope" })),
    { name: "ResourceNotFoundException" },
  ],
  [
    "UpdateContactAttributes of nothing",
    (at) =>
      at.connect.send(
        new C.UpdateContactAttributesCommand({
          ...inInstance,
          InitialContactId: "nope",
          Attributes: {},
        }),
      ),
    { name: "ResourceNotFoundException" },
  ],
  [
    "StartContactStreaming to a FIFO topic",
    (at, { contactId }) =>
      at.connect.send(stream(contactId, "arn:aws:sns:us-west-2:111122223333:chats.fifo")),
    { name: "InvalidParameterException" },
  ],
  [
    "StopContactStreaming of nothing",
    (at, { contactId }) =>
      at.connect.send(
        new C.StopContactStreamingCommand({
          ...inInstance,
          ContactId: contactId,
          StreamingId: "nope",
        }),
      ),
    { name: "ResourceNotFoundException" },
  ],
  [
    "CreateParticipantConnection with no token of ours",
    (at) => at.participant.send(connection("nope")),
    { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } },
  ],
  [
    "CreateParticipantConnection with a ConnectionToken",
    (at, { token }) => at.participant.send(connection(token)),
    { name: "AccessDeniedException" },
  ],
  [
    "CreateParticipantConnection of an unknown type",
    (at, { participantToken }) =>
      at.participant.send(connection(participantToken, ["PIGEON" as P.ConnectionType])),
    { name: "ValidationException" },
  ],
  [
    "SendMessage with a ParticipantToken",
    (at, { participantToken }) => said({ ConnectionToken: participantToken })(at, chat),
    { name: "AccessDeniedException" },
  ],
  [
    "SendMessage of 1,025 characters",
    said({ Content: "x".repeat(1_025) }),
    { name: "ValidationException", $metadata: { httpStatusCode: 400 } },
  ],
  ["SendMessage of nothing", said({ Content: "" }), { name: "ValidationException" }],
  [
    "SendMessage of a type the chat has not",
    said({ ContentType: "text/markdown" }),
    { name: "ValidationException" },
  ],
  ["SendEvent of an unknown kind", happened("chat.ended"), { name: "ValidationException" }],
  [
    "SendEvent of a receipt for nothing",
    happened("message.read", "{}"),
    { name: "ValidationException" },
  ],
  ["GetTranscript of too many", transcript({ MaxResults: 101 }), { name: "ValidationException" }],
  [
    "GetTranscript from nowhere",
    transcript({ StartPosition: { Id: "nope" } }),
    { name: "ValidationException" },
  ],
  [
    "GetTranscript with a made-up page",
    transcript({ NextToken: "bm9wZQ" }),
    { name: "ValidationException" },
  ],
  [
    "GetTranscript of another contact",
    transcript({ ContactId: "nope" }),
    { name: "AccessDeniedException" },
  ],
  [
    "DisconnectParticipant with no token of ours",
    (at) => at.participant.send(new P.DisconnectParticipantCommand({ ConnectionToken: "nope" })),
    { name: "AccessDeniedException" },
  ],
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
    "StartChatContact",
    start({}),
    {
      ContactId: expect.any(String),
      ParticipantId: expect.any(String),
      ParticipantToken: expect.any(String),
    },
  ],
  [
    "DescribeContact",
    (at, { contactId }) =>
      at.connect.send(new C.DescribeContactCommand({ ...inInstance, ContactId: contactId })),
    {
      Contact: {
        Id: contactId(),
        Channel: "CHAT",
        InitiationTimestamp: expect.any(Date),
        QueueInfo: { Id: "sms", EnqueueTimestamp: expect.any(Date) },
      },
    },
  ],
  [
    "UpdateContactAttributes",
    (at, { contactId }) =>
      at.connect.send(
        new C.UpdateContactAttributesCommand({
          ...inInstance,
          InitialContactId: contactId,
          Attributes: { vip: "yes" },
        }),
      ),
    { $metadata: { httpStatusCode: 200 } },
  ],
  [
    "GetContactAttributes",
    (at, { contactId }) =>
      at.connect.send(
        new C.GetContactAttributesCommand({ ...inInstance, InitialContactId: contactId }),
      ),
    { Attributes: { customerAddress: PHONE } },
  ],
  [
    "GetContactMetrics",
    (at, { contactId }) =>
      at.connect.send(
        new C.GetContactMetricsCommand({
          ...inInstance,
          ContactId: contactId,
          Metrics: [{ Name: "POSITION_IN_QUEUE" }],
        }),
      ),
    { MetricResults: [{ Name: "POSITION_IN_QUEUE", Value: { Number: 1 } }] },
  ],
  [
    "StartContactStreaming",
    (at, { contactId }) => at.connect.send(stream(contactId)),
    { StreamingId: expect.any(String) },
  ],
  [
    "CreateParticipantConnection",
    (at, { participantToken }) =>
      at.participant.send(connection(participantToken, ["WEBSOCKET", "CONNECTION_CREDENTIALS"])),
    {
      Websocket: {
        Url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:/),
        ConnectionExpiry: expect.stringMatching(/Z$/),
      },
      ConnectionCredentials: {
        ConnectionToken: expect.any(String),
        Expiry: expect.stringMatching(/Z$/),
      },
    },
  ],
  [
    "SendMessage",
    said({}),
    { Id: expect.any(String), AbsoluteTime: expect.stringMatching(/\.\d{3}Z$/) },
  ],
  ["SendEvent", happened("typing"), { Id: expect.any(String) }],
  [
    "GetTranscript",
    transcript({}),
    { InitialContactId: expect.any(String), Transcript: expect.any(Array) },
  ],
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

function contactId() {
  return expect.any(String);
}

describe("an AWS operation", () => {
  it.each(answered)("answers: %s", async (_, call, expected) => {
    expect(await call(up, chat)).toMatchObject(expected);
  });

  it.each(refused)("refuses: %s", async (_, call, expected) => {
    expect(await thrown(call(up, chat))).toMatchObject(expected);
  });

  it("has no message at all when the bot is unsure", async () => {
    const answer = await asked({ text: "hm" })(up);
    expect(answer.messages).toBeUndefined();
    expect(answer.interpretations?.[0]?.nluConfidence).toBeUndefined();
  });

  it("refuses a third topic to stream to", async () => {
    const { ContactId = "" } = await up.startChat();
    await up.connect.send(stream(ContactId));
    await up.connect.send(stream(ContactId, "arn:aws:sns:us-west-2:111122223333:others"));
    expect(await thrown(up.connect.send(stream(ContactId)))).toMatchObject({
      name: "LimitExceededException",
      $metadata: { httpStatusCode: 429 },
    });
  });

  it("is over for a chat that StopContact ended", async () => {
    const other = await up.chat();
    const stop = new C.StopContactCommand({ ...inInstance, ContactId: other.contactId });
    await up.connect.send(stop);
    await other.socket.item("chat.ended");
    expect((await thrown(up.connect.send(stop))).name).toBe("InvalidRequestException");
    expect((await thrown(up.participant.send(connection(other.participantToken)))).name).toBe(
      "AccessDeniedException",
    );
  });

  it("can be met by a customer who streams and has no socket", async () => {
    const { ContactId = "", ParticipantToken } = await up.startChat();
    await up.connect.send(stream(ContactId));
    await up.participant.send(
      new P.CreateParticipantConnectionCommand({
        ParticipantToken,
        Type: ["CONNECTION_CREDENTIALS"],
        ConnectParticipant: true,
      }),
    );
    const { body } = await up.door("GET", "/contacts");
    const found = body.find((each: { contactId: string }) => each.contactId === ContactId);
    expect(found).toMatchObject({ state: "queued", openSockets: 0 });
  });
});
