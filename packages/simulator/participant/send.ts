import * as z from "zod";
import type { Chat } from "../chat/chat.ts";
import type { Conversations } from "../chat/conversations.ts";
import { customerIn, EVENT, event, message } from "../chat/events.ts";
import { type Operation, type Rate, valid } from "../http/operation.ts";
import type { World } from "../world.ts";
import { chatByBearer, invalid, participant } from "./service.ts";

// The model says 16,384 for all content; the prose of the same model says less for each type. The prose is enforced.
const LONGEST: Readonly<Record<string, number>> = {
  "text/plain": 1_024,
  "text/markdown": 1_024,
  "application/json": 12_000,
  "application/vnd.amazonaws.connect.message.interactive.response": 12_288,
};

const ClientToken = z.string().max(500).optional();
const Message = z.object({
  ContentType: z.string().min(1).max(100),
  Content: z.string().min(1).max(16_384),
  ClientToken,
});
const Event = z.object({
  ContentType: z.enum([
    `${EVENT}typing`,
    `${EVENT}connection.acknowledged`,
    `${EVENT}message.delivered`,
    `${EVENT}message.read`,
  ]),
  Content: z.string().max(16_384).optional(),
  ClientToken,
});
const Disconnect = z.object({ ClientToken });
const Receipt = z.object({ messageId: z.string().min(1) });

// SendMessage and SendEvent are counted together, for the whole instance.
const SENDING: Rate = { bucket: "participant/Send", perSecond: 10, burst: 15 };

/** Does it once for a client token, and answers the same to whoever comes with it again. */
function once<T>(
  world: World,
  operation: string,
  chat: Chat,
  token: string | undefined,
  act: () => T,
): T {
  if (!token) return act();
  const key = `${operation}/${chat.customerId}/${token}`;
  const before = world.answers.get(key);
  if (before) return before.answer as T;
  const answer = act();
  world.answers.put(key, { answer, at: Date.now() });
  return answer;
}

/** Sends what the customer writes. */
export function sendMessage(world: World, conversations: Conversations): Operation {
  return {
    name: "SendMessage",
    service: participant,
    rate: SENDING,
    answer({ body, bearer }) {
      const chat = chatByBearer(world, bearer, "connection");
      const { ContentType, Content, ClientToken } = valid(Message, body, invalid);
      const longest = LONGEST[ContentType];
      if (longest === undefined || !chat.contentTypes.includes(ContentType))
        throw invalid(`ContentType ${ContentType} is not supported in this chat.`);
      if (Content.length > longest)
        throw invalid(`Content of ${ContentType} must not be longer than ${longest} characters.`);
      return once(world, "SendMessage", chat, ClientToken, () => {
        const { Id, AbsoluteTime } = conversations.say(
          chat.id,
          message(Content, customerIn(chat), ContentType),
        );
        return { Id, AbsoluteTime };
      });
    },
  };
}

/** Sends the customer's typing and receipts. */
export function sendEvent(world: World, conversations: Conversations): Operation {
  return {
    name: "SendEvent",
    service: participant,
    rate: SENDING,
    answer({ body, bearer }) {
      const chat = chatByBearer(world, bearer, "connection");
      const { ContentType, Content, ClientToken } = valid(Event, body, invalid);
      if (ContentType.startsWith(`${EVENT}message.`) && !isReceipt(Content))
        throw invalid('Content of a receipt must be {"messageId":"<Id>"}.');
      return once(world, "SendEvent", chat, ClientToken, () => {
        const saying = event(ContentType.slice(EVENT.length), customerIn(chat));
        // Typing is shown and not kept. Receipts go to the other participants, and agents here have no client to show one.
        const { Id, AbsoluteTime } = ContentType.endsWith(".typing")
          ? conversations.show(chat.id, saying)
          : world.transcripts.stamp(chat, saying);
        return { Id, AbsoluteTime };
      });
    },
  };
}

/** Ends the chat from the customer's side. */
export function disconnectParticipant(world: World, conversations: Conversations): Operation {
  return {
    name: "DisconnectParticipant",
    service: participant,
    rate: { bucket: "participant/DisconnectParticipant", perSecond: 3, burst: 5 },
    answer({ body, bearer }) {
      const request = valid(Disconnect, body ?? {}, invalid);
      // A retry with the same token is answered although the chat is over by then.
      const claims = bearer ? world.tokens.read(bearer) : undefined;
      const past = claims?.for === "connection" ? world.chats.find(claims.chatId) : undefined;
      if (past && request.ClientToken) {
        const before = world.answers.get(
          `DisconnectParticipant/${past.customerId}/${request.ClientToken}`,
        );
        if (before) return before.answer;
      }
      const chat = chatByBearer(world, bearer, "connection");
      return once(world, "DisconnectParticipant", chat, request.ClientToken, () => {
        conversations.customerLeaves(chat.id);
        return {};
      });
    },
  };
}

function isReceipt(content: string | undefined): boolean {
  try {
    return Receipt.safeParse(JSON.parse(content ?? "")).success;
  } catch {
    return false;
  }
}
