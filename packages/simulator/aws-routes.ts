import type { Conversations } from "./chat/conversations.ts";
import { contactOperations } from "./connect/contact-operations.ts";
import { startChatContact } from "./connect/start-chat-contact.ts";
import { type Routes, routes } from "./http/routes.ts";
import { lexOperations, type Matcher } from "./lex/lex.ts";
import { lexModelRoutes } from "./lex-models/routes.ts";
import { createParticipantConnection } from "./participant/create-participant-connection.ts";
import { getTranscript } from "./participant/get-transcript.ts";
import { disconnectParticipant, sendEvent, sendMessage } from "./participant/send.ts";
import { numberOperations } from "./sms/number-operations.ts";
import type { Numbers } from "./sms/numbers.ts";
import type { Outgoing } from "./sms/outgoing.ts";
import { sendMessages } from "./sms/pinpoint.ts";
import { sendTextMessage } from "./sms/send-text-message.ts";
import { queueOperations } from "./sqs/queue-operations.ts";
import { receivingOperations } from "./sqs/receiving.ts";
import { sendingOperations } from "./sqs/sending.ts";
import type { QueueStore } from "./sqs/store.ts";
import type { World } from "./world.ts";

/** Every AWS operation the stand-in has, where the SDK's clients look for it. */
export function awsRoutes(parts: {
  readonly world: World;
  readonly conversations: Conversations;
  readonly numbers: Numbers;
  readonly outgoing: Outgoing;
  readonly queues: QueueStore;
  readonly matcher: Matcher;
}): Routes {
  const { world, conversations, numbers, outgoing, queues, matcher } = parts;
  const contact = contactOperations(world, conversations);
  const models = lexModelRoutes(world);
  const lex = lexOperations(matcher, models.answer);
  return routes(
    [
      ["PUT /contact/chat", startChatContact(world, conversations)],
      ["POST /contact/stop", contact.stopContact],
      ["GET /contacts/{InstanceId}/{ContactId}", contact.describeContact],
      ["POST /contact/attributes", contact.updateContactAttributes],
      ["GET /contact/attributes/{InstanceId}/{InitialContactId}", contact.getContactAttributes],
      ["POST /metrics/contact", contact.getContactMetrics],
      ["POST /contact/start-streaming", contact.startContactStreaming],
      ["POST /contact/stop-streaming", contact.stopContactStreaming],
      ["POST /participant/connection", createParticipantConnection(world, conversations)],
      ["POST /participant/message", sendMessage(world, conversations)],
      ["POST /participant/event", sendEvent(world, conversations)],
      ["POST /participant/transcript", getTranscript(world)],
      ["POST /participant/disconnect", disconnectParticipant(world, conversations)],
      ["POST /v1/apps/{ApplicationId}/messages", sendMessages(numbers, outgoing)],
      ["POST /bot/{botName}/alias/{botAlias}/user/{userId}/text", lex.v1],
      [
        "POST /bots/{botId}/botAliases/{botAliasId}/botLocales/{localeId}/sessions/{sessionId}/text",
        lex.v2,
      ],
      ...models.routes,
    ],
    {
      AmazonSQS: [
        ...queueOperations(queues, () => world.httpOrigin),
        ...sendingOperations(queues),
        ...receivingOperations(queues),
      ],
      PinpointSMSVoiceV2: [sendTextMessage(numbers, outgoing), ...numberOperations(numbers)],
    },
  );
}
