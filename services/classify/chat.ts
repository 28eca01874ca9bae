import {
  type BotAnswered,
  type BotStumped,
  type ChatEnded,
  type ChatJoined,
  type ChatMoved,
  type ChatQueued,
  type ChatSaid,
  Envelope,
  type EventDeadLettered,
  type EventOf,
  MessageClassified,
  MessageHandedOver,
} from "@holdline/events";
import type { SettingsPort } from "../settings/index.ts";
import { type Conversation, contactGivenUp, isCurrent } from "./knowledge.ts";
import { place } from "./received.ts";
import { languageOf, speech } from "./speech.ts";

type Parties = NonNullable<Conversation["parties"]>;

function speaking(
  event: { readonly id: string; readonly data: { readonly conversationId: string } },
  known: Conversation,
  parties: Parties,
  settings: SettingsPort,
) {
  const language = languageOf(known, parties.business, settings);
  return speech(event.data.conversationId, parties, language, settings, event.id);
}

/** What the queue says of itself. The first marker answers the YES; a closed or full queue is never silence. */
export function onMarker(
  event: EventOf<typeof ChatQueued> | EventOf<typeof ChatMoved>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { parties, contact } = known;
  if (!parties || !isCurrent(known, event.data.contactId) || contact.agents.length > 0) return [];
  const speak = speaking(event, known, parties, settings);
  const { state, position, size, oldestSeconds } = event.data;
  if (state === "WAITING") {
    // Back in line after an agent: a transfer.
    if (contact.joinedOnce && contact.queue === null) return speak.say("notice", "left");
    if (known.yesUnanswered === null) return [];
    const queue = { state, position, size, oldestSeconds };
    return place({ ...known, contact: { ...contact, queue } }, speak);
  }
  if (contact.queue?.state === state) return [];
  const names = { CLOSED: "closed", FULL: "full", ABANDONED: "abandoned" } as const;
  return speak.say("notice", names[state]);
}

/** An agent is there: from here on texts go to the agent, who first is told what was said so far. */
export function onAgent(
  event: EventOf<typeof ChatJoined> | EventOf<typeof ChatSaid>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { role, displayName, contactId, conversationId } = event.data;
  const { parties, contact, turns } = known;
  if (role !== "AGENT" || !parties || !isCurrent(known, contactId)) return [];
  if (contact.agents.includes(displayName)) return [];
  const speak = speaking(event, known, parties, settings);
  const handedOver = MessageHandedOver({
    ...{ conversationId, ...parties, contactId, agent: displayName },
    first: !contact.joinedOnce,
    // Empty after each hand-over: a later agent is told what was said since the one before left.
    turns,
  });
  return [handedOver, ...speak.say("notice", "joined", { agent: displayName })];
}

/** The chat is over; the customer is told, unless the queue has said why already. */
export function onEnded(
  event: EventOf<typeof ChatEnded>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { parties, contact } = known;
  if (!parties || !isCurrent(known, event.data.contactId)) return [];
  const told = contact.queue !== null && contact.queue.state !== "WAITING";
  if (told && !contact.joinedOnce) return [];
  const speak = speaking(event, known, parties, settings);
  return speak.say("notice", contact.joinedOnce ? "ended" : "endedWaiting");
}

/** The bot's answer goes to the phone while the bot is in charge, and to the agent as a note after that. */
export function onBot(
  event: EventOf<typeof BotAnswered> | EventOf<typeof BotStumped>,
  known: Conversation,
  settings: SettingsPort,
) {
  if (known.consent !== "given") return [];
  const { conversationId, channel, business, customer, messageId } = event.data;
  const parties = { channel, business, customer };
  const language = languageOf(known, business, settings);
  const speak = speech(conversationId, parties, language, settings, messageId);
  if (known.contact.agents.length === 0)
    return event.type === "bot.answered"
      ? speak.text("conversation", event.data.text, "bot")
      : speak.say("conversation", "stumped");
  if (event.type === "bot.stumped") return [];
  return [
    MessageClassified({
      ...{ conversationId, ...parties, messageId: `bot:${messageId}`, text: event.data.text },
      ...{ sentAt: event.time, attachments: [], contactId: known.contact.id },
      ...{ route: "agent", reason: "bot-answered-late", speaker: "bot" },
    }),
  ];
}

/** A stage gave up on a customer's text: the customer is not left without a word. */
export function onDeadLetter(
  event: EventOf<typeof EventDeadLettered>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { stage, event: dead } = event.data;
  const { parties } = known;
  const type = Envelope.safeParse(dead).data?.type;
  if (!parties || known.consent !== "given") return [];
  const speak = speaking(event, known, parties, settings);
  if (contactGivenUp(event) && known.contact.status === "wanted")
    return speak.say("notice", "notOpened");
  if (type !== "message.classified") return [];
  if (stage === "bot-reply") return speak.say("conversation", "stumped");
  return stage === "connect-relay" ? speak.say("notice", "notRelayed") : [];
}
