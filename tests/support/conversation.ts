import {
  BotAnswered,
  BotStumped,
  ChatEnded,
  ChatJoined,
  ChatLeft,
  ChatMoved,
  ChatQueued,
  ChatSaid,
  ContactOpened,
  ContactRefused,
  type DataOf,
  type Draft,
  type Event,
  EventDeadLettered,
  MessageClassified,
  MessageReceived,
  OfferMade,
  RelayRefused,
  ReminderDue,
  ReplyDrafted,
  ReplyRefused,
} from "@holdline/events";

/** One conversation, told in drafts: what each side does, in the words of the events. */
export const conversationId = "c-1";
export const business = "+12065550100";
export const customer = "+14255550182";
export const about = { conversationId, channel: "sms-aws", business, customer };
export const sentAt = "2026-01-01T11:59:59.000Z";

const item = (contactId: string) => ({
  ...{ conversationId, contactId, itemId: "i-1", at: "2026-01-01T12:00:00.000Z" },
});
const person = (displayName: string, contactId: string, role: "AGENT" | "SYSTEM") => ({
  ...{ ...item(contactId), role, displayName },
});

/** The customer's text; its id is made of its words unless the test names one. */
export const texts = (text: string, messageId = `m:${text}`) =>
  MessageReceived({ ...about, messageId, text, sentAt, attachments: [] });

export const offered = (given: Partial<DataOf<typeof OfferMade>> = {}) =>
  OfferMade({
    ...{ ...about, voiceContactId: "v-1", queue: "sms", secondsWaited: 7_500 },
    ...{ estimatedWaitSeconds: 9_000, language: "en-US", ...given },
  });

export const opened = (contactId = "k-1") => ContactOpened({ ...about, contactId });

export const contactRefused = (given: Partial<DataOf<typeof ContactRefused>> = {}) =>
  ContactRefused({
    ...{ ...about, reason: "too-many-chats", willRetry: true, opening: null, nth: 0 },
    ...given,
  });

type Marker = Partial<DataOf<typeof ChatQueued>>;
const marker = (given: Marker) => ({
  ...{ ...item("k-1"), queue: null, state: "WAITING" as const },
  ...{ position: 3, size: 12, oldestSeconds: 3_600, ...given },
});
export const queued = (given: Marker = {}) => ChatQueued(marker(given));
export const moved = (given: Marker = {}) => ChatMoved(marker(given));

export const joins = (agent = "Maria", contactId = "k-1") =>
  ChatJoined(person(agent, contactId, "AGENT"));
export const leaves = (agent = "Maria", contactId = "k-1") =>
  ChatLeft(person(agent, contactId, "AGENT"));
export const says = (text: string, agent = "Maria", contactId = "k-1") =>
  ChatSaid({ ...person(agent, contactId, "AGENT"), text, attachments: [] });
export const systemSays = (text: string) =>
  ChatSaid({ ...person("", "k-1", "SYSTEM"), text, attachments: [] });
export const ends = (contactId = "k-1") => ChatEnded({ ...item(contactId), reason: "ended" });

export const botAnswers = (question: string, text: string) =>
  BotAnswered({
    ...{ ...about, messageId: `m:${question}`, question, intent: "Hours", score: 0.9, text },
  });
export const botStumped = (question: string) =>
  BotStumped({ ...about, messageId: `m:${question}`, question, reason: "fallback" });

export const relayRefused = (text: string, contactId = "k-1", reason = "contact-ended") =>
  RelayRefused({ ...about, contactId, messageId: `m:${text}`, reason, text });

export const replyRefused = (given: Partial<DataOf<typeof ReplyRefused>> = {}) =>
  ReplyRefused({
    by: "carrier",
    ...{ conversationId, channel: "sms-aws", from: business, to: customer, text: "hi" },
    ...{ speaker: "agent", kind: "conversation", inReplyTo: null, draftId: "d-1" },
    ...{ reason: "opted-out", ...given },
  });

export const reminded = (aboutWhat: DataOf<typeof ReminderDue>["about"], token: string) =>
  ReminderDue({ ...about, about: aboutWhat, token });

export const deadLettered = (stage: string, event: Draft | Event) =>
  EventDeadLettered({
    ...{ conversationId, stage, code: "bug", stack: null },
    event: { ...dead, ...event },
  });
const dead = {
  ...{ id: "dead-1", time: sentAt, cause: null, heard: {}, effects: [], replay: false },
  position: { stream: `classify/message/${conversationId}`, seq: 0 },
};

type Kind = DataOf<typeof ReplyDrafted>["kind"];
type Speaker = DataOf<typeof ReplyDrafted>["speaker"];

/** A reply as classify drafts it. */
export const replies = (
  kind: Kind,
  text: string,
  inReplyTo: string | null,
  speaker: Speaker = "system",
) =>
  ReplyDrafted({
    ...{ conversationId, channel: "sms-aws", from: business, to: customer },
    ...{ text, kind, speaker, inReplyTo },
  });

/** A customer's text as classified; without a contact unless the test names one. */
export const classified = (
  text: string,
  route: "bot" | "agent" | "nobody",
  reason: string,
  contactId: string | null = null,
) =>
  MessageClassified({
    ...{ ...about, messageId: `m:${text}`, text, sentAt, attachments: [] },
    ...{ route, reason, speaker: "customer", contactId },
  });

/** Consent given and a chat wanted. */
export const accepted = [offered(), texts("YES")] as const;
/** The chat is open and in line. */
export const waiting = [...accepted, opened(), queued()] as const;
/** Maria is there. */
export const withAgent = [...waiting, joins()] as const;
