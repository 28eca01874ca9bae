import type { Event, EventType } from "@holdline/events";
import * as declared from "@holdline/events";

/** What an event comes to in plain words. `names` says whether people may be named. */
export interface Phrase {
  readonly says: string;
  readonly text?: string;
  readonly minor?: boolean;
}

type Declared = {
  [Name in keyof typeof declared]: (typeof declared)[Name] extends EventType
    ? (typeof declared)[Name]
    : never;
}[keyof typeof declared];
type Types = Declared["type"];
type Data<Type extends Types> = declared.DataOf<Extract<Declared, { readonly type: Type }>>;
type Phrases = {
  readonly [Type in Types]: (data: Data<Type>, names: boolean) => Phrase;
};

/** Why a text went where it did (the reasons of `services/classify`). */
export const reasons: Readonly<Record<string, string>> = {
  waiting: "no agent has joined yet",
  "with-agent": "an agent is in the chat",
  "kept-until-consent": "kept until the customer says yes",
  "consent-given": "it is a yes to our offer",
  "consent-declined": "it is a no to our offer",
  stop: "it is STOP; an open chat is left",
  stopped: "the customer has opted out",
  start: "it is START",
  help: "it is HELP",
  "place-asked": "it asks for the place in line",
  idle: "nobody said anything for so long that the chat is closed",
  superseded: "a chat opened that nobody wants any more",
  "relayed-again": "it had come back from a chat that was over",
  "bot-answered-late": "the bot's answer came after an agent had joined",
};

const kinds = {
  conversation: "a reply",
  notice: "a notice",
  offer: "the offer",
  stop: "the confirmation of STOP",
  start: "the confirmation of START",
  help: "the answer to HELP",
} as const;

const speakers = { bot: "the bot's", agent: "the agent's", system: "our own" } as const;
const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function place({ state, position, size }: Data<"chat.queued">): string {
  if (state !== "WAITING") return `the queue says ${state}`;
  return position === null ? "waiting" : `number ${position}${size === null ? "" : ` of ${size}`}`;
}

function person({ role, displayName }: Data<"chat.joined">, names: boolean): string {
  if (role !== "AGENT") return role.toLowerCase();
  return names && displayName !== "" ? `agent ${displayName}` : "an agent";
}

const phrases: Phrases = {
  "inbound.arrived": () => ({ says: "a text arrived" }),
  "receipt.arrived": () => ({ says: "a receipt arrived", minor: true }),
  "offer.made": ({ secondsWaited, queue }) => ({
    says: `a caller in queue ${queue} chose text, after ${Math.round(secondsWaited / 60)} minutes of waiting`,
  }),
  "message.received": ({ text, attachments }) => ({
    says: `read${attachments.length > 0 ? `, with ${many(attachments.length, "file")}` : ""}`,
    text,
  }),
  "message.classified": ({ route, reason, speaker }) => ({
    says: `${speaker === "bot" ? "a note" : "classified"} for ${route === "nobody" ? "nobody" : `the ${route}`}, because ${reasons[reason] ?? reason}`,
  }),
  "message.handed-over": ({ agent, turns }, names) => ({
    says: `handed over to ${names ? agent : "an agent"}, with ${many(turns.length, "earlier turn")}`,
  }),
  "consent.asked": () => ({ says: "consent asked" }),
  "consent.given": () => ({ says: "consent given" }),
  "consent.declined": ({ words }) => ({
    says: words === "" ? "consent declined, because no answer came" : "consent declined",
  }),
  "consent.withdrawn": ({ keptBy }) => ({
    says: `opted out; ${keptBy === "aws" ? "the carrier keeps" : "we keep"} the list`,
  }),
  "contact.wanted": ({ nth, opening }) => ({
    says: `a chat is wanted${opening ? ", opening with the customer's text" : ""}${nth > 0 ? ` (try ${nth + 1})` : ""}`,
  }),
  "contact.opened": ({ contactId }) => ({ says: `chat ${contactId} opened` }),
  "contact.refused": ({ reason, willRetry }) => ({
    says: `Connect would not open a chat (${reason}); ${willRetry ? "it may later" : "it never will"}`,
  }),
  "chat.queued": (data) => ({ says: `the chat is in the queue: ${place(data)}` }),
  "chat.moved": (data) => ({ says: `its place in the queue: ${place(data)}` }),
  "chat.joined": (data, names) => ({ says: `${person(data, names)} joined the chat` }),
  "chat.said": (data, names) => ({ says: `${person(data, names)} said`, text: data.text }),
  "chat.left": (data, names) => ({ says: `${person(data, names)} left the chat` }),
  "chat.ended": ({ reason }) => ({ says: `the chat ended (${reason})` }),
  "bot.answered": ({ intent, score, text }) => ({
    says: `the bot answered (${intent}${score === null ? "" : `, score ${score.toFixed(2)}`})`,
    text,
  }),
  "bot.stumped": ({ reason }) => ({ says: `the bot had no answer (${reason})` }),
  "relay.sent": ({ itemIds }) => ({
    says:
      itemIds.length > 0
        ? `shown in the chat (${many(itemIds.length, "part")})`
        : "the chat would not take it any more, and need not",
  }),
  "relay.refused": ({ reason }) => ({ says: `the chat did not take it (${reason})` }),
  "reply.drafted": ({ kind, speaker, text }) => ({
    says: `drafted: ${kind === "conversation" ? `${speakers[speaker]} reply` : kinds[kind]}`,
    text,
  }),
  "reply.sent": ({ parts }) => ({
    says: `accepted by the carrier (${many(parts.length, "text message")})`,
  }),
  "reply.refused": ({ reason, by }) => ({
    says: `not sent: ${by === "carrier" ? "the carrier" : "we"} refused (${reason})`,
  }),
  "reply.delivered": ({ status, final, arrived }) => ({
    says: `${arrived ? "delivered" : final ? "the carrier's last word" : "under way"} (${status})`,
  }),
  "reply.undelivered": ({ status }) => ({ says: `not delivered (${status})` }),
  "reminder.due": ({ about }) => ({ says: `a reminder came due (${about})` }),
  "event.dead-lettered": ({ stage, code }) => ({ says: `${stage} gave up on it (${code})` }),
};

const declarations = Object.values(declared as unknown as Readonly<Record<string, EventType>>);

/** The newest declaration that reads an event of this version. */
const typeOf = ({ type, version }: Event) =>
  declarations
    .filter((known) => known?.type === type && known.version >= version)
    .reduce<EventType | undefined>(
      (newest, known) => (newest && newest.version > known.version ? newest : known),
      undefined,
    );

/** An event as this program knows it; nothing, where it is of a later one or was spoilt. */
export function understood(event: Event): Event | undefined {
  try {
    return typeOf(event)?.parse(event);
  } catch {
    return undefined;
  }
}

/** One event in plain words. */
export function phraseOf(event: Event, names: boolean): Phrase {
  const known = understood(event);
  const phrase = phrases[event.type as Types] as (data: unknown, names: boolean) => Phrase;
  if (!known) return { says: `${event.type}, version ${event.version}, which is not understood` };
  const { says, ...rest } = phrase(known.data, names);
  return { says: event.only === undefined ? says : `redriven to ${event.only}`, ...rest };
}
