import {
  BotAnswered,
  BotStumped,
  ChatEnded,
  ChatJoined,
  ChatLeft,
  ChatMoved,
  ChatQueued,
  ChatSaid,
  ConsentAsked,
  ConsentDeclined,
  ConsentGiven,
  ConsentWithdrawn,
  ContactOpened,
  ContactRefused,
  ContactWanted,
  EventDeadLettered,
  MessageClassified,
  MessageHandedOver,
  MessageReceived,
  OfferMade,
  RelayRefused,
  ReminderDue,
  ReplyDrafted,
  ReplyRefused,
} from "@holdline/events";
import { stage } from "@holdline/runtime";
import { onAgent, onBot, onDeadLetter, onEnded, onMarker } from "./classify/chat.ts";
import { Conversation, evolve, unknownConversation } from "./classify/knowledge.ts";
import { onReceived } from "./classify/received.ts";
import {
  onOffer,
  onOpened,
  onRefused,
  onRelayRefused,
  onReminder,
  onReplyRefused,
} from "./classify/waiting.ts";
import type { Ports } from "./ports.ts";

/**
 * Sequences a conversation: who hears each text, who may speak to the phone, when a chat is wanted.
 *
 * It alone decides these, and it has no effects, so what it says is in one order for everybody.
 */
export const classify = stage({
  name: "classify",
  on: [
    OfferMade,
    MessageReceived,
    BotAnswered,
    BotStumped,
    ContactOpened,
    ContactRefused,
    ChatQueued,
    ChatMoved,
    ChatJoined,
    ChatSaid,
    ChatLeft,
    ChatEnded,
    RelayRefused,
    ReplyRefused,
    ReminderDue,
    EventDeadLettered,
  ],
  emits: [
    MessageClassified,
    MessageHandedOver,
    ConsentAsked,
    ConsentGiven,
    ConsentDeclined,
    ConsentWithdrawn,
    ContactWanted,
    ReplyDrafted,
    ReminderDue,
  ],
  state: { schema: Conversation, version: 1, initial: unknownConversation, evolve },

  async run(event, { state, settings }: Pick<Ports, "settings"> & { state: Conversation }) {
    switch (event.type) {
      case "offer.made":
        return onOffer(event, state, settings);
      case "message.received":
        return onReceived(event, state, settings);
      case "bot.answered":
      case "bot.stumped":
        return onBot(event, state, settings);
      case "contact.opened":
        return onOpened(event, state, settings);
      case "contact.refused":
        return onRefused(event, state, settings);
      case "chat.queued":
      case "chat.moved":
        return onMarker(event, state, settings);
      case "chat.joined":
      case "chat.said":
        return onAgent(event, state, settings);
      case "chat.left":
        return [];
      case "chat.ended":
        return onEnded(event, state, settings);
      case "relay.refused":
        return onRelayRefused(event, state, settings);
      case "reply.refused":
        return onReplyRefused(event, state);
      case "reminder.due":
        return onReminder(event, state, settings);
      case "event.dead-lettered":
        return onDeadLetter(event, state, settings);
    }
  },
});
