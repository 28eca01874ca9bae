import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { Conversations } from "../chat/conversations.ts";
import { attributesFit } from "../chat/flow-contact.ts";
import { type Operation, valid } from "../http/operation.ts";
import { INSTANCE } from "../identity.ts";
import type { World } from "../world.ts";
import { checkInstance, connect, invalidParameter } from "./service.ts";

// Concurrent chats of an instance: 100 in the guide of 2023, 500 since SMS and WhatsApp count in. The newer one is used.
const CHATS_AT_ONCE = 500;
const DEFAULT_MINUTES = 1_500;

const CONTENT_TYPES = [
  "text/plain",
  "text/markdown",
  "application/json",
  "application/vnd.amazonaws.connect.message.interactive",
  "application/vnd.amazonaws.connect.message.interactive.response",
] as const;

const Request = z.object({
  InstanceId: z.string().min(1).max(100),
  ContactFlowId: z.string().min(1).max(500),
  ParticipantDetails: z.object({ DisplayName: z.string().min(1).max(256) }),
  Attributes: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,32767}$/), z.string().max(32_767))
    .refine(attributesFit, "Attributes must not be larger than 32768 bytes")
    .default({}),
  InitialMessage: z
    .object({ ContentType: z.string().min(1).max(100), Content: z.string().min(1).max(16_384) })
    .optional(),
  ClientToken: z.string().max(500).optional(),
  ChatDurationInMinutes: z.int().min(60).max(10_080).default(DEFAULT_MINUTES),
  SupportedMessagingContentTypes: z
    .array(z.enum(CONTENT_TYPES))
    .refine((types) => types.includes("text/plain"), "must contain text/plain")
    .default(["text/plain"]),
  PersistentChat: z.object({ SourceContactId: z.string() }).loose().optional(),
  RelatedContactId: z.string().min(1).max(256).optional(),
  SegmentAttributes: z.record(z.string(), z.unknown()).optional(),
});

/** Starts a chat that waits for its customer to connect. */
export function startChatContact(world: World, conversations: Conversations): Operation {
  return {
    name: "StartChatContact",
    service: connect,
    // The numbers are not in the published table of quotas; third parties name these.
    rate: { bucket: "connect/StartChatContact", perSecond: 5, burst: 8 },
    answer({ body }) {
      const request = valid(Request, body, invalidParameter);
      checkInstance(request.InstanceId);
      const flow = world.flows.find(request.ContactFlowId);
      if (!flow)
        throw new AwsError(
          "ResourceNotFoundException",
          404,
          `Contact flow not found: ${request.ContactFlowId}`,
        );
      if (request.PersistentChat)
        throw new AwsError(
          "InvalidRequestException",
          400,
          "The stand-in keeps no past chats to rehydrate: leave PersistentChat out.",
        );
      const key = `StartChatContact/${INSTANCE}/${request.ClientToken}`;
      const before = request.ClientToken ? world.answers.get(key) : undefined;
      if (before) return before.answer;
      if (world.chats.activeCount >= world.quotas.ceiling(CHATS_AT_ONCE))
        throw new AwsError(
          "LimitExceededException",
          429,
          "The limit of concurrent active chats is exceeded.",
        );
      const { InitialMessage: first } = request;
      const chat = conversations.start({
        flowId: flow.name,
        displayName: request.ParticipantDetails.DisplayName,
        attributes: request.Attributes,
        contentTypes: request.SupportedMessagingContentTypes,
        languageCode: request.Attributes.language ?? "en-US",
        durationMs: request.ChatDurationInMinutes * 60_000,
        ...(first && {
          initialMessage: { contentType: first.ContentType, content: first.Content },
        }),
      });
      const answer = {
        ContactId: chat.id,
        ParticipantId: chat.customerId,
        ParticipantToken: world.tokens.issue({ for: "participant", chatId: chat.id }),
      };
      if (request.ClientToken) world.answers.put(key, { answer, at: Date.now() });
      return answer;
    },
  };
}
