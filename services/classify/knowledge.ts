import {
  type BotAnswered,
  type BotStumped,
  type ChatEnded,
  type ChatJoined,
  type ChatLeft,
  type ChatMoved,
  type ChatQueued,
  type ChatSaid,
  type ConsentAsked,
  type ConsentDeclined,
  type ConsentGiven,
  type ConsentWithdrawn,
  type ContactOpened,
  type ContactRefused,
  ContactWanted,
  type DataOf,
  Envelope,
  type EventDeadLettered,
  type EventOf,
  type MessageClassified,
  type MessageHandedOver,
  type MessageReceived,
  type OfferMade,
  type RelayRefused,
  type ReminderDue,
  type ReplyDrafted,
  type ReplyRefused,
} from "@holdline/events";
import * as z from "zod";

const Opening = z.object({ messageId: z.string(), text: z.string() });

/** All that classify knows of a conversation. */
export const Conversation = z.object({
  parties: z.object({ channel: z.string(), business: z.string(), customer: z.string() }).nullable(),
  language: z.string().nullable(),
  secondsWaited: z.number(),
  consent: z.enum(["none", "given", "declined", "stopped"]),
  /** The offer that awaits an answer: the event that made it, and what it said. */
  asked: z
    .object({ token: z.string(), wording: z.string(), wordingVersion: z.string() })
    .nullable(),
  /** The last offer that was made: the event that made it, and the draft of its text. */
  offer: z.object({ madeBy: z.string(), draft: z.string() }).nullable().default(null),
  /** Texts that came before consent and open the contact. */
  pending: z.array(z.object({ messageId: z.string(), text: z.string(), sentAt: z.string() })),
  contact: z.object({
    status: z.enum(["none", "wanted", "open"]),
    id: z.string().nullable(),
    nth: z.int(),
    opening: Opening.nullable(),
    /** Agents in the chat, by display name. */
    agents: z.array(z.string()),
    joinedOnce: z.boolean(),
    queue: z
      .object({
        state: z.enum(["WAITING", "FULL", "CLOSED", "ABANDONED"]),
        position: z.number().nullable(),
        size: z.number().nullable(),
        oldestSeconds: z.number().nullable(),
      })
      .nullable(),
  }),
  /** The YES that has not been answered with a place in line yet. */
  yesUnanswered: z.string().nullable(),
  /** What customer and bot said, oldest first, for the agent to come. */
  turns: z.array(z.object({ speaker: z.enum(["customer", "bot"]), text: z.string() })),
  /** When anybody last said anything. */
  lastHeard: z.string().nullable(),
  /** The last contacts that are over: what is still heard of them changes nothing. */
  past: z.array(z.string()),
});
export type Conversation = z.output<typeof Conversation>;

const noContact: Conversation["contact"] = {
  status: "none",
  id: null,
  nth: 0,
  opening: null,
  agents: [],
  joinedOnce: false,
  queue: null,
};

export const unknownConversation: Conversation = {
  parties: null,
  language: null,
  secondsWaited: 0,
  consent: "none",
  asked: null,
  offer: null,
  pending: [],
  contact: noContact,
  yesUnanswered: null,
  turns: [],
  lastHeard: null,
  past: [],
};

type Heard =
  | typeof OfferMade
  | typeof MessageReceived
  | typeof BotAnswered
  | typeof BotStumped
  | typeof ContactOpened
  | typeof ContactRefused
  | typeof ChatQueued
  | typeof ChatMoved
  | typeof ChatJoined
  | typeof ChatSaid
  | typeof ChatLeft
  | typeof ChatEnded
  | typeof RelayRefused
  | typeof ReplyRefused
  | typeof ReminderDue
  | typeof EventDeadLettered;
type Said =
  | typeof MessageClassified
  | typeof MessageHandedOver
  | typeof ConsentAsked
  | typeof ConsentGiven
  | typeof ConsentDeclined
  | typeof ConsentWithdrawn
  | typeof ContactWanted
  | typeof ReplyDrafted
  | typeof ReminderDue;

const turnsKept = 30;
/** Whoever never answers may write on for ever; the record must stay small enough to be stored. */
const pendingKept = 30;

/** The conversation after an event that classify heard or said. */
export function evolve(known: Conversation, event: EventOf<Heard> | EventOf<Said>): Conversation {
  switch (event.type) {
    case "offer.made": {
      const { channel, business, customer, language, secondsWaited } = event.data;
      return { ...known, parties: { channel, business, customer }, language, secondsWaited };
    }
    case "message.received": {
      const { channel, business, customer } = event.data;
      return { ...known, parties: { channel, business, customer }, lastHeard: event.time };
    }
    case "consent.asked": {
      const { wording, wordingVersion } = event.data;
      return { ...known, asked: { token: event.cause ?? event.id, wording, wordingVersion } };
    }
    case "consent.given":
      return { ...known, consent: "given", asked: null };
    case "consent.declined":
      return { ...known, consent: "declined", asked: null, pending: [], secondsWaited: 0 };
    case "consent.withdrawn": {
      const { parties, language, past } = withoutContact(known);
      return { ...unknownConversation, parties, language, past, consent: "stopped" };
    }
    case "contact.wanted": {
      const { nth, opening } = event.data;
      const contact = { ...noContact, status: "wanted" as const, nth, opening };
      // Whatever opens the chat has answered the offer: a later "yes" is said to whoever is there.
      return { ...known, contact, pending: [], asked: null };
    }
    case "contact.opened": {
      const { contactId: id } = event.data;
      if (!isCurrent(known, id) && !isAdopted(known, id)) return known;
      return { ...known, contact: { ...known.contact, status: "open", id }, secondsWaited: 0 };
    }
    case "contact.refused":
      return notOpened(known, event.data);
    case "message.classified":
      return classified(known, event.data);
    case "reply.drafted": {
      const { speaker, text, kind, inReplyTo } = event.data;
      if (kind === "offer")
        return { ...known, offer: inReplyTo ? { madeBy: inReplyTo, draft: event.id } : null };
      return speaker === "bot" ? withTurn(known, { speaker, text }) : known;
    }
    case "message.handed-over": {
      const { agent, contactId } = event.data;
      const agents = [...known.contact.agents.filter((name) => name !== agent), agent];
      const open = { status: "open", id: contactId } as const;
      const contact = { ...known.contact, ...open, agents, joinedOnce: true };
      return { ...known, contact, turns: [], yesUnanswered: null };
    }
    case "chat.queued":
    case "chat.moved": {
      if (!isCurrent(known, event.data.contactId)) return known;
      const { state, position, size, oldestSeconds } = event.data;
      const queue = { state, position, size, oldestSeconds };
      return { ...known, contact: { ...known.contact, queue }, yesUnanswered: null };
    }
    case "chat.said":
      return { ...known, lastHeard: event.time };
    case "chat.left": {
      if (!isCurrent(known, event.data.contactId) || event.data.role !== "AGENT") return known;
      const agents = known.contact.agents.filter((name) => name !== event.data.displayName);
      const queue = agents.length === 0 ? null : known.contact.queue;
      return { ...known, contact: { ...known.contact, agents, queue } };
    }
    case "chat.ended":
      return isCurrent(known, event.data.contactId)
        ? withoutContact(known, event.data.contactId)
        : known;
    case "relay.refused": {
      const { contactId, reason } = event.data;
      const over = reason === "contact-ended" && isCurrent(known, contactId);
      return over ? withoutContact(known, contactId) : known;
    }
    case "reminder.due":
      return reminded(known, event);
    case "event.dead-lettered": {
      const wanted = contactGivenUp(event);
      return wanted ? notOpened(known, wanted) : known;
    }
    default:
      return known;
  }
}

function classified(
  known: Conversation,
  { route, reason, text, messageId, sentAt, speaker }: EventOf<typeof MessageClassified>["data"],
): Conversation {
  if (reason === "kept-until-consent")
    return {
      ...known,
      pending: [...known.pending, { messageId, text, sentAt }].slice(-pendingKept),
    };
  if (reason === "consent-given") return { ...known, yesUnanswered: messageId };
  if (reason === "idle") return withoutContact(known);
  if (route === "bot" && speaker === "customer") return withTurn(known, { speaker, text });
  return known;
}

/** The chat that was wanted will not open for now; what it was to open with is kept for the next. */
function notOpened(
  known: Conversation,
  { nth, opening }: Pick<DataOf<typeof ContactWanted>, "nth" | "opening">,
): Conversation {
  if (known.contact.status !== "wanted") return known;
  return { ...known, contact: { ...noContact, nth, opening } };
}

/** The wish for a chat that a dead letter holds, when that is what was given up on. */
export function contactGivenUp({ data }: EventOf<typeof EventDeadLettered>) {
  const wanted = data.stage === "connect-relay" ? ContactWanted.schema : undefined;
  const dead = Envelope.safeParse(data.event).data;
  return dead?.type === ContactWanted.type ? wanted?.safeParse(dead.data).data : undefined;
}

/** A reminder that was set is remembered by its token; one that came due is spent. */
function reminded(known: Conversation, { data }: EventOf<typeof ReminderDue>): Conversation {
  if (data.about === "yes-unanswered" && data.token === known.yesUnanswered)
    return { ...known, yesUnanswered: null };
  return known;
}

const withTurn = (known: Conversation, turn: Conversation["turns"][number]): Conversation => ({
  ...known,
  turns: [...known.turns, turn].slice(-turnsKept),
});

const withoutContact = (known: Conversation, id = known.contact.id): Conversation => ({
  ...known,
  contact: noContact,
  turns: [],
  yesUnanswered: null,
  secondsWaited: 0,
  past: id ? [...known.past.filter((past) => past !== id), id].slice(-5) : known.past,
});

/**
 * Whether what is heard of a contact concerns the one there is now. The chat can be heard before
 * `contact.opened` is: then any contact that is not over yet must be the one that is wanted.
 */
export const isCurrent = ({ contact, past }: Conversation, contactId: string): boolean =>
  contact.status !== "none" &&
  (contact.id === null ? !past.includes(contactId) : contact.id === contactId);

/** Whether a chat nobody waits for any more is welcome: a wish that was given up on and redriven. */
export const isAdopted = ({ consent, contact, past }: Conversation, contactId: string): boolean =>
  consent === "given" && contact.status === "none" && !past.includes(contactId);

/** Whether what a reminder was set for is over: then it changes nothing. */
export function isOver(
  { about, token }: DataOf<typeof ReminderDue>,
  { asked, yesUnanswered, contact, consent }: Conversation,
): boolean {
  switch (about) {
    case "offer-expiry":
      return asked?.token !== token;
    case "yes-unanswered":
      return yesUnanswered !== token;
    case "idle-close":
      return contact.id !== token;
    case "contact-retry":
      return consent !== "given" || contact.status !== "none" || `${contact.nth}` !== token;
  }
}
