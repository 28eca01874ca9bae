import {
  ConsentDeclined,
  ConsentWithdrawn,
  type ContactOpened,
  type ContactRefused,
  type EventOf,
  MessageClassified,
  type OfferMade,
  type RelayRefused,
  ReminderDue,
  type ReplyRefused,
} from "@holdline/events";
import { later } from "@holdline/runtime";
import type { SettingsPort } from "../settings/index.ts";
import { type Conversation, isAdopted, isCurrent, isOver } from "./knowledge.ts";
import { placeInWords } from "./place.ts";
import { ask, contactWanted, partiesOf, place } from "./received.ts";
import { languageOf, speech } from "./speech.ts";

/** A caller chose text: ask, unless a chat is there already or the customer said STOP. */
export function onOffer(
  event: EventOf<typeof OfferMade>,
  known: Conversation,
  settings: SettingsPort,
) {
  if (known.consent === "stopped") return [];
  const { conversationId, language } = event.data;
  const speak = speech(conversationId, event.data, language, settings, event.id);
  if (known.contact.status === "none") return ask(event, speak, "offer", settings);
  const words = placeInWords(known.contact.queue, speak.wording) ?? "";
  return speak.say("notice", "alreadyWaiting", { place: words });
}

/** The chat is there. One that nobody wants any more, as after STOP, is left at once. */
export function onOpened(
  event: EventOf<typeof ContactOpened>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { contactId } = event.data;
  if (known.past.includes(contactId)) return [];
  if (!isCurrent(known, contactId) && !isAdopted(known, contactId))
    return [
      MessageClassified({
        ...{ ...partiesOf(event), messageId: `opened:${contactId}`, text: "", sentAt: event.time },
        ...{ attachments: [], route: "nobody", speaker: "customer", contactId },
        reason: known.consent === "stopped" ? "stop" : "superseded",
      }),
    ];
  const idle = ReminderDue({
    ...partiesOf(event),
    about: "idle-close",
    token: event.data.contactId,
  });
  return [later(idle, event.time, settings.limits.idleCloseHours * 3_600_000)];
}

/** Connect would not: tried again for as long as it may help, and the customer knows. */
export function onRefused(
  event: EventOf<typeof ContactRefused>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { conversationId, business, willRetry, nth } = event.data;
  if (known.consent !== "given") return [];
  const language = languageOf(known, business, settings);
  const speak = speech(conversationId, event.data, language, settings, event.id);
  if (!willRetry || nth >= settings.limits.contactRetries) return speak.say("notice", "notOpened");
  const again = ReminderDue({ ...partiesOf(event), about: "contact-retry", token: `${nth}` });
  return [
    ...(nth === 0 ? speak.say("notice", "tryingAgain") : []),
    later(again, event.time, settings.limits.contactRetryMinutes * 60_000),
  ];
}

/** A text for the agent came back. It is never lost: it opens a new chat, or goes where texts go now. */
export function onRelayRefused(
  event: EventOf<typeof RelayRefused>,
  known: Conversation,
  settings: SettingsPort,
) {
  if (known.consent !== "given") return [];
  const { business, conversationId, contactId, messageId, text, reason } = event.data;
  const language = languageOf(known, business, settings);
  const speak = speech(conversationId, event.data, language, settings, messageId);
  if (reason !== "contact-ended") return speak.say("notice", "notRelayed");
  const { status, agents } = known.contact;
  const over = status === "none" || isCurrent(known, contactId);
  if (over)
    return [
      contactWanted(event, known, language, [{ messageId, text }]),
      ...speak.say("notice", "reopening"),
    ];
  return [
    MessageClassified({
      ...{ ...partiesOf(event), messageId, text, sentAt: event.time, attachments: [] },
      ...{ route: agents.length > 0 ? "agent" : "bot", reason: "relayed-again" },
      ...{ speaker: "customer", contactId: known.contact.id },
    }),
  ];
}

/** The carrier keeps a list of its own: what it says of a STOP we did not hear is a STOP. */
export function onReplyRefused(event: EventOf<typeof ReplyRefused>, known: Conversation) {
  const { conversationId, channel, from, to, reason, draftId, by } = event.data;
  if (reason !== "opted-out" || by !== "carrier" || known.consent === "stopped") return [];
  const parties = { conversationId, channel, business: from, customer: to };
  const { wording = "", wordingVersion = "" } = known.asked ?? {};
  return [
    ConsentWithdrawn({ ...parties, wording, wordingVersion, words: "", keptBy: "aws" }),
    MessageClassified({
      ...{ ...parties, messageId: `refused:${draftId}`, text: "", sentAt: event.time },
      ...{ attachments: [], route: "nobody", reason: "stop", speaker: "customer" },
      contactId: known.contact.id,
    }),
  ];
}

/** A time came that was waited for. What it was set for may be over: then nothing happens. */
export function onReminder(
  event: EventOf<typeof ReminderDue>,
  known: Conversation,
  settings: SettingsPort,
) {
  const { about, token, business, conversationId } = event.data;
  const language = languageOf(known, business, settings);
  const speak = speech(conversationId, event.data, language, settings, event.id);
  const { contact } = known;
  if (isOver(event.data, known)) return [];
  switch (about) {
    case "offer-expiry": {
      const { wording = "", wordingVersion = "" } = known.asked ?? {};
      return [ConsentDeclined({ ...partiesOf(event), wording, wordingVersion, words: "" })];
    }
    case "yes-unanswered":
      return place(known, speak);
    case "contact-retry":
      return [
        contactWanted(
          event,
          known,
          language,
          contact.opening ? [contact.opening] : [],
          contact.nth + 1,
        ),
      ];
    case "idle-close":
      return idle();
  }

  function idle() {
    const idleMs = settings.limits.idleCloseHours * 3_600_000;
    const lastHeard = known.lastHeard ?? event.time;
    if (Date.parse(event.time) - Date.parse(lastHeard) < idleMs)
      return [later(ReminderDue(event.data), lastHeard, idleMs)];
    return [
      MessageClassified({
        ...{ ...partiesOf(event), messageId: `idle:${token}`, text: "", sentAt: event.time },
        ...{ attachments: [], route: "nobody", reason: "idle", speaker: "customer" },
        contactId: contact.id,
      }),
      ...speak.say("notice", "idle"),
    ];
  }
}
