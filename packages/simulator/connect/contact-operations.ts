import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Chat, currentSegment } from "../chat/chat.ts";
import type { Conversations } from "../chat/conversations.ts";
import { attributesFit } from "../chat/flow-contact.ts";
import { type Operation, type Rate, valid } from "../http/operation.ts";
import { connectArn } from "../identity.ts";
import type { World } from "../world.ts";
import { chatOf, checkInstance, connect, invalidParameter } from "./service.ts";

const InstanceId = z.string().min(1).max(100);
const ContactId = z.string().min(1).max(256);
const Stop = z.object({ InstanceId, ContactId });
const Attributes = z.object({
  InstanceId,
  InitialContactId: ContactId,
  Attributes: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,32767}$/), z.string().max(32_767)),
});
const StartStreaming = z.object({
  InstanceId,
  ContactId,
  ChatStreamingConfiguration: z.object({ StreamingEndpointArn: z.string().min(1).max(350) }),
  ClientToken: z.string().max(500).optional(),
});
const StopStreaming = z.object({ InstanceId, ContactId, StreamingId: z.string().min(1).max(100) });
const Metrics = z.object({
  InstanceId,
  ContactId,
  Metrics: z.array(z.object({ Name: z.literal("POSITION_IN_QUEUE") })).min(1),
});

const STREAMS_PER_CONTACT = 2;
const own = (bucket: string, perSecond: number, burst: number): Rate => ({
  bucket: `connect/${bucket}`,
  perSecond,
  burst,
});

/** What Connect offers about a contact that exists. */
export function contactOperations(world: World, conversations: Conversations) {
  const operation = (name: string, rate: Rate, answer: Operation["answer"]): Operation => ({
    name,
    service: connect,
    rate,
    answer,
  });
  return {
    stopContact: operation("StopContact", own("StopContact", 10, 15), ({ body }) => {
      const request = valid(Stop, body, invalidParameter);
      checkInstance(request.InstanceId);
      const chat = chatOf(world, request.ContactId);
      if (chat.state === "ended")
        throw new AwsError("InvalidRequestException", 400, "The contact has ended already.");
      conversations.finish(chat.id, "API");
      return {};
    }),

    describeContact: operation("DescribeContact", own("DescribeContact", 10, 15), ({ path }) => {
      checkInstance(path.InstanceId ?? "");
      const contactId = path.ContactId ?? "";
      return { Contact: described(chatOf(world, contactId), contactId) };
    }),

    updateContactAttributes: operation(
      "UpdateContactAttributes",
      own("UpdateContactAttributes", 10, 15),
      ({ body }) => {
        const request = valid(Attributes, body, invalidParameter);
        checkInstance(request.InstanceId);
        const chat = chatOf(world, request.InitialContactId);
        const attributes = { ...chat.attributes, ...request.Attributes };
        if (!attributesFit(attributes))
          throw invalidParameter("The attributes of a contact must not exceed 32768 bytes.");
        world.chats.change(chat.id, { attributes });
        return {};
      },
    ),

    getContactAttributes: operation(
      "GetContactAttributes",
      own("GetContactAttributes", 2, 5),
      ({ path }) => {
        checkInstance(path.InstanceId ?? "");
        return { Attributes: chatOf(world, path.InitialContactId ?? "").attributes };
      },
    ),

    getContactMetrics: operation(
      "GetContactMetrics",
      own("GetContactMetrics", 2, 5),
      ({ body }) => {
        const request = valid(Metrics, body, invalidParameter);
        checkInstance(request.InstanceId);
        const chat = chatOf(world, request.ContactId);
        const position = world.queues.position(currentSegment(chat).queue ?? "", chat.id);
        if (position === undefined)
          throw new AwsError("InvalidRequestException", 400, "The contact is not in a queue.");
        return {
          Id: request.ContactId,
          Arn: connectArn(`contact/${request.ContactId}`),
          MetricResults: [{ Name: "POSITION_IN_QUEUE", Value: { Number: position } }],
        };
      },
    ),

    startContactStreaming: operation(
      "StartContactStreaming",
      own("StartContactStreaming", 5, 8),
      ({ body }) => {
        const request = valid(StartStreaming, body, invalidParameter);
        checkInstance(request.InstanceId);
        const chat = chatOf(world, request.ContactId);
        const arn = request.ChatStreamingConfiguration.StreamingEndpointArn;
        // Standard topics only.
        if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/.test(arn))
          throw invalidParameter("StreamingEndpointArn must be the ARN of a standard SNS topic.");
        const key = `StartContactStreaming/${chat.id}/${request.ClientToken}`;
        const before = request.ClientToken ? world.answers.get(key) : undefined;
        if (before) return before.answer;
        if (chat.state === "ended")
          throw new AwsError("InvalidRequestException", 400, "The contact has ended.");
        if (chat.streams.length >= STREAMS_PER_CONTACT)
          throw new AwsError(
            "LimitExceededException",
            429,
            `A contact streams to at most ${STREAMS_PER_CONTACT} topics.`,
          );
        const id = randomUUID();
        world.chats.change(chat.id, { streams: [...chat.streams, { id, arn }] });
        const answer = { StreamingId: id };
        if (request.ClientToken) world.answers.put(key, { answer, at: Date.now() });
        return answer;
      },
    ),

    stopContactStreaming: operation(
      "StopContactStreaming",
      own("StopContactStreaming", 5, 8),
      ({ body }) => {
        const request = valid(StopStreaming, body, invalidParameter);
        checkInstance(request.InstanceId);
        const chat = chatOf(world, request.ContactId);
        const streams = chat.streams.filter(({ id }) => id !== request.StreamingId);
        if (streams.length === chat.streams.length)
          throw new AwsError("ResourceNotFoundException", 404, "There is no such streaming.");
        world.chats.change(chat.id, { streams });
        return {};
      },
    ),
  };
}

function described(chat: Chat, contactId: string) {
  const index = Math.max(
    0,
    chat.segments.findIndex((segment) => segment.contactId === contactId),
  );
  const segment = chat.segments[index] ?? currentSegment(chat);
  const seconds = (ms: number) => ms / 1000;
  return {
    Arn: connectArn(`contact/${segment.contactId}`),
    Id: segment.contactId,
    InitialContactId: chat.id,
    PreviousContactId: chat.segments[index - 1]?.contactId,
    InitiationMethod: segment.method,
    Channel: "CHAT",
    Attributes: chat.attributes,
    InitiationTimestamp: seconds(segment.startedAt),
    LastUpdateTimestamp: seconds(
      segment.endedAt ?? segment.joinedAt ?? segment.enqueuedAt ?? segment.startedAt,
    ),
    ...(segment.queue && {
      QueueInfo: { Id: segment.queue, EnqueueTimestamp: seconds(segment.enqueuedAt ?? 0) },
    }),
    ...(segment.agent && {
      AgentInfo: { Id: segment.agent, ConnectedToAgentTimestamp: seconds(segment.joinedAt ?? 0) },
    }),
    ...(segment.endedAt && { DisconnectTimestamp: seconds(segment.endedAt) }),
    ...(chat.endReason && { DisconnectReason: chat.endReason }),
    QueuePriority: chat.priority,
    QueueTimeAdjustmentSeconds: chat.ageAdjustSeconds,
  };
}
