import * as C from "@aws-sdk/client-connect";
import * as P from "@aws-sdk/client-connectparticipant";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTANCE, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

type Up = Awaited<ReturnType<typeof standIn>>;
type Chat = Awaited<ReturnType<Up["chat"]>>;
type Call = (up: Up, chat: Chat) => Promise<unknown>;
type Case = readonly [what: string, call: Call, expected: object];

let up: Up;
let chat: Chat;
beforeAll(async () => {
  up = await standIn();
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
        Id: expect.any(String),
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
];

describe("a chat operation", () => {
  it.each(answered)("answers: %s", async (_, call, expected) => {
    expect(await call(up, chat)).toMatchObject(expected);
  });

  it.each(refused)("refuses: %s", async (_, call, expected) => {
    expect(await thrown(call(up, chat))).toMatchObject(expected);
  });

  it("is over for a chat that StopContact ended", async () => {
    const other = await up.chat();
    const stop = new C.StopContactCommand({ ...inInstance, ContactId: other.contactId });
    await up.connect.send(stop);
    await other.socket.item("chat.ended");
    expect((await thrown(up.connect.send(stop))).name).toBe("InvalidRequestException");
    const denied = await thrown(up.participant.send(connection(other.participantToken)));
    expect(denied.name).toBe("AccessDeniedException");
  });
});
