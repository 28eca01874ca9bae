import { ConnectClient, StartChatContactCommand } from "@aws-sdk/client-connect";
import {
  ConnectParticipantClient,
  CreateParticipantConnectionCommand,
  SendMessageCommand,
} from "@aws-sdk/client-connectparticipant";
import { LexRuntimeServiceClient } from "@aws-sdk/client-lex-runtime-service";
import { LexRuntimeV2Client } from "@aws-sdk/client-lex-runtime-v2";
import { PinpointClient } from "@aws-sdk/client-pinpoint";
import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { WebSocket } from "ws";
import { type Matcher, type SimulatorOptions, simulator } from "../../packages/simulator/index.ts";

export const INSTANCE = "11111111-2222-3333-4444-555555555555";
export const PHONE = "+14255550182";
export const NUMBER = "+12065550100";

export const matcher: Matcher = (text) =>
  text.includes("open") ? { intent: "Hours", score: 0.9, answer: "We open at nine." } : undefined;

const running: { close(): Promise<void> }[] = [];

/** Stops every simulator and socket that a test began. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.close()));
}

/** A simulator on a free port, with the real clients pointed at it. */
export async function standIn(options: SimulatorOptions = {}) {
  const up = await simulator({ port: 0, quotas: "off", matcher, ...options });
  running.push(up);
  return { ...talkTo(up.url), up };
}

/** The real clients and the control door of a simulator that is up somewhere. */
export function talkTo(url: string) {
  const to = {
    endpoint: url,
    region: "us-west-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const connect = new ConnectClient(to);
  const participant = new ConnectParticipantClient(to);
  const sqs = new SQSClient(to);
  const sms = new PinpointSMSVoiceV2Client(to);
  const door = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/_sim${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const startChat = (more: object = {}) =>
    connect.send(
      new StartChatContactCommand({
        InstanceId: INSTANCE,
        ContactFlowId: "sms-chat",
        ParticipantDetails: { DisplayName: "Customer" },
        Attributes: { customerAddress: PHONE },
        ...more,
      }),
    );
  const credentials = (ParticipantToken: string | undefined) =>
    participant.send(
      new CreateParticipantConnectionCommand({
        ParticipantToken,
        Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
      }),
    );
  return {
    url,
    to,
    connect,
    participant,
    sqs,
    sms,
    lexV1: new LexRuntimeServiceClient(to),
    lexV2: new LexRuntimeV2Client(to),
    pinpoint: new PinpointClient(to),
    door,
    startChat,
    credentials,
    /** A chat whose customer is connected and whose flow has begun. */
    async chat(more: object = {}) {
      const started = await startChat(more);
      const { Websocket, ConnectionCredentials } = await credentials(started.ParticipantToken);
      const socket = await openSocket(Websocket?.Url ?? "");
      const token = ConnectionCredentials?.ConnectionToken;
      return {
        contactId: started.ContactId ?? "",
        participantToken: started.ParticipantToken,
        token,
        socket,
        send: (Content: string, ClientToken?: string) =>
          participant.send(
            new SendMessageCommand({
              ConnectionToken: token,
              ContentType: "text/plain",
              Content,
              ClientToken,
            }),
          ),
      };
    },
    /** What is in a queue, taken out of sight. */
    async take(queue: string, waitSeconds = 2, hideSeconds = 30) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: `${url}/111122223333/${queue}`,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: hideSeconds,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return Messages;
    },
  };
}

export interface ChatItem {
  readonly Id: string;
  readonly AbsoluteTime: string;
  readonly ContentType: string;
  readonly Content?: string;
  readonly ParticipantRole?: string;
  readonly ContactId: string;
  readonly InitialContactId: string;
}

/** A subscribed socket and everything it hears. */
export async function openSocket(url: string, subscribe = true) {
  const socket = new WebSocket(url);
  running.push({ close: async () => socket.terminate() });
  const frames: Record<string, unknown>[] = [];
  const items: ChatItem[] = [];
  const wakes = new Set<() => void>();
  let closed: { code: number; reason: string } | undefined;
  const changed = () => {
    for (const wake of [...wakes]) wake();
  };
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data));
    frames.push(frame);
    if (frame.topic === "aws/chat") items.push(JSON.parse(frame.content));
    changed();
  });
  socket.on("close", (code, reason) => {
    closed = { code, reason: String(reason) };
    changed();
  });
  socket.on("error", () => {});
  const until = async (true_: () => boolean) => {
    while (!true_())
      await new Promise<void>((resolve) => {
        const wake = () => {
          wakes.delete(wake);
          resolve();
        };
        wakes.add(wake);
      });
  };
  const topic = (name: string) => frames.some((frame) => frame.topic === name);
  if (subscribe) {
    socket.on("open", () =>
      socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } })),
    );
    await until(() => topic("aws/subscribe") || closed !== undefined);
  }
  return {
    socket,
    frames,
    items,
    until,
    closed: async () => {
      await until(() => closed !== undefined);
      return closed;
    },
    /** The first item with that text or event name. */
    item: async (words: string) => {
      const find = () =>
        items.find(
          ({ Content, ContentType }) => Content?.startsWith(words) || ContentType.endsWith(words),
        );
      await until(() => find() !== undefined);
      return find() as ChatItem;
    },
  };
}

/** Asks again until the answer is right; the test's own time limit ends it. */
export async function eventually<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a call threw; a call that went well is a failure. */
export async function thrown(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error("the call went well");
}
