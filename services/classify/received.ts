import {
  ConsentAsked,
  ConsentDeclined,
  ConsentGiven,
  ConsentWithdrawn,
  ContactWanted,
  type EventOf,
  MessageClassified,
  type MessageReceived,
  ReminderDue,
} from "@holdline/events";
import { derivedId, later } from "@holdline/runtime";
import type { SettingsPort } from "../settings/index.ts";
import { type Keyword, keywordOf } from "./keywords.ts";
import type { Conversation } from "./knowledge.ts";
import { placeInWords } from "./place.ts";
import { languageOf, type Speech, speech } from "./speech.ts";

type Text = EventOf<typeof MessageReceived>;

interface Situation {
  readonly event: Text;
  readonly known: Conversation;
  readonly settings: SettingsPort;
  readonly speak: Speech;
  readonly language: string;
}

/** What becomes of a customer's text: a command to us first, else something for the agent or the bot. */
export function onReceived(event: Text, known: Conversation, settings: SettingsPort) {
  const { conversationId, business, messageId } = event.data;
  const language = languageOf(known, business, settings);
  const speak = speech(conversationId, event.data, language, settings, messageId);
  const situation = { event, known, settings, speak, language };
  const keyword = keywordOf(event.data.text);

  if (keyword === "stop") return stop(situation);
  if (keyword === "help") return help(situation);
  const refused = known.consent === "stopped" || (known.consent === "declined" && !known.asked);
  if (keyword === "start" && refused) return start(situation);
  if (known.consent === "stopped") return [heard(situation, "nobody", "stopped")];
  return asked(situation, keyword) ?? talked(situation, keyword);
}

const heard = (
  { event, known }: Situation,
  route: "bot" | "agent" | "nobody",
  reason: string,
  message: { messageId?: string; text?: string; sentAt?: string } = {},
) =>
  MessageClassified({
    ...event.data,
    ...message,
    route,
    reason,
    speaker: "customer",
    contactId: known.contact.id,
  });

const consent = ({ event, known }: Situation, words = event.data.text) => ({
  ...{ conversationId: event.data.conversationId, channel: event.data.channel },
  ...{ business: event.data.business, customer: event.data.customer, words },
  wording: known.asked?.wording ?? "",
  wordingVersion: known.asked?.wordingVersion ?? "",
});

/** STOP is confirmed once; the agent is told and the chat closed on the `stop` that is classified. */
function stop(situation: Situation) {
  const { known, settings, event, speak } = situation;
  if (known.consent === "stopped") return [heard(situation, "nobody", "stopped")];
  const keptBy = settings.number(event.data.business)?.optOut ?? "self";
  return [
    ConsentWithdrawn({ ...consent(situation), keptBy }),
    heard(situation, "nobody", "stop"),
    ...(keptBy === "self" ? speak.say("stop", "stop") : []),
  ];
}

function help(situation: Situation) {
  const { settings, event, speak } = situation;
  const ours = settings.number(event.data.business)?.optOut !== "aws";
  return [heard(situation, "nobody", "help"), ...(ours ? speak.say("help", "help") : [])];
}

function start(situation: Situation) {
  const { settings, event, speak } = situation;
  const ours = settings.number(event.data.business)?.optOut !== "aws";
  return [
    ConsentGiven(consent(situation)),
    heard(situation, "nobody", "start"),
    ...(ours ? speak.say("start", "start") : []),
  ];
}

/** Answers to an offer. YES counts only here; anything else than an answer goes on to `talked`. */
function asked(situation: Situation, keyword: Keyword | undefined) {
  const { known, event, settings, speak, language } = situation;
  if (!known.asked) return undefined;
  if (keyword === "no")
    return [
      ConsentDeclined(consent(situation)),
      heard(situation, "nobody", "consent-declined"),
      ...speak.say("notice", "declined"),
    ];
  if (keyword !== "yes" && keyword !== "start") return undefined;
  const { messageId } = event.data;
  const reminder = ReminderDue({
    ...partiesOf(event),
    about: "yes-unanswered",
    token: messageId,
  });
  return [
    ConsentGiven(consent(situation)),
    contactWanted(event, known, language, known.pending),
    heard(situation, "nobody", "consent-given"),
    ...known.pending.map((text) => heard(situation, "bot", "waiting", text)),
    later(reminder, event.time, settings.limits.yesUnansweredSeconds * 1_000),
  ];
}

function talked(situation: Situation, keyword: Keyword | undefined) {
  const { known, event, speak, language } = situation;
  if (known.consent !== "given") return unconsented(situation);
  if (known.contact.agents.length > 0) return [heard(situation, "agent", "with-agent")];
  if (keyword === "wait" && known.contact.status !== "none")
    return [heard(situation, "nobody", "place-asked"), ...place(known, speak)];
  if (known.contact.status !== "none") return [heard(situation, "bot", "waiting")];
  const { messageId, text, sentAt } = event.data;
  const opening = known.contact.opening ? [{ ...known.contact.opening, sentAt }] : [];
  return [
    heard(situation, "bot", "waiting"),
    contactWanted(event, known, language, [...opening, { messageId, text, sentAt }]),
  ];
}

/** Somebody never offered anything is greeted and offered once; what they write meanwhile is kept. */
function unconsented(situation: Situation) {
  const { known, speak, event, settings } = situation;
  const kept = heard(situation, "nobody", "kept-until-consent");
  if (known.asked) return [kept];
  return [kept, ...ask(event, speak, "greeting", settings)];
}

/** Asks for consent, and remembers to stop waiting for the answer. */
export function ask(
  event: { readonly id: string; readonly time: string; readonly data: Text["data"] | Addressed },
  speak: Speech,
  name: "offer" | "greeting",
  settings: SettingsPort,
) {
  const offer = speak.say("offer", name);
  const wording = offer[0]?.data.text ?? "";
  const parties = partiesOf(event);
  const expiry = ReminderDue({ ...parties, about: "offer-expiry", token: event.id });
  return [
    ConsentAsked({
      ...parties,
      wording,
      wordingVersion: derivedId(wording).slice(0, 8),
      words: "",
    }),
    ...offer,
    later(expiry, event.time, settings.limits.offerExpiryHours * 3_600_000),
  ];
}

/** Wants a contact opened with the texts that wait for one. */
export function contactWanted(
  { data }: { readonly data: Addressed },
  known: Conversation,
  language: string,
  texts: readonly { readonly messageId: string; readonly text: string }[],
  nth = 0,
) {
  const first = texts[0];
  const text = texts.map(({ text }) => text).join("\n");
  return ContactWanted({
    ...partiesOf({ data }),
    opening: first ? { messageId: first.messageId, text } : null,
    secondsWaited: known.secondsWaited,
    language,
    nth,
  });
}

interface Addressed {
  readonly conversationId: string;
  readonly channel: string;
  readonly business: string;
  readonly customer: string;
}

/** Who an event is about, as every event of classify's says it. */
export const partiesOf = ({ data }: { readonly data: Addressed }): Addressed => ({
  conversationId: data.conversationId,
  channel: data.channel,
  business: data.business,
  customer: data.customer,
});

/** The place in line; the plain answer while no marker has told it. */
export function place(known: Conversation, speak: Speech) {
  const words = placeInWords(known.contact.queue, speak.wording);
  const state = known.contact.queue?.state;
  if (state === "CLOSED") return speak.say("notice", "closed");
  if (state === "FULL") return speak.say("notice", "full");
  if (state === "ABANDONED") return speak.say("notice", "abandoned");
  return words === undefined ? speak.say("notice", "waiting") : speak.text("notice", words);
}
