import {
  type ChatSaid,
  ContactOpened,
  ContactRefused,
  type ContactWanted,
  type EventOf,
  ReplyDrafted,
} from "@holdline/events";
import { DeadLetter } from "@holdline/runtime";
import { worded } from "../settings/index.ts";
import { idempotent, priorities, type Relay, say, startChatLimit } from "./relay.ts";

/** Opens a chat with the customer's text; the rest of a long one follows at once. */
export async function onWanted({ data }: EventOf<typeof ContactWanted>, relay: Relay) {
  const { conversationId, channel, business, customer, language, secondsWaited, opening } = data;
  const parties = { conversationId, channel, business, customer };
  const [first = null, ...rest] = opening ? relay.contacts.fit(opening.text) : [];
  const opened = await relay.once(
    "open",
    (token, signal) =>
      relay.contacts.open({ ...parties, language, secondsWaited, text: first }, token, signal),
    idempotent(startChatLimit(relay), priorities.opening),
  );
  if (!opened.opened) {
    const { reason, willRetry } = opened;
    return [ContactRefused({ ...parties, reason, willRetry, opening, nth: data.nth })];
  }
  if (rest.length > 0)
    await say(relay, "opening", opened.contactId, rest.join(" "), priorities.opening);
  return [ContactOpened({ ...parties, contactId: opened.contactId })];
}

/** What agent or system say in the chat goes to the phone; a file as a plain sentence. */
export async function onSaid({ data, id }: EventOf<typeof ChatSaid>, { state, settings }: Relay) {
  const { conversationId, role, displayName, text, attachments } = data;
  if (role === "CUSTOMER") return [];
  if (!state.parties) throw new DeadLetter("unknown-contact");
  const { channel, business, customer } = state.parties;
  const wording = settings.wording(business, state.language);
  const files = attachments.map(({ name }) =>
    worded(wording.attachment, { agent: displayName, name }),
  );
  const words = [text, ...files].filter((line) => line.trim() !== "").join("\n");
  if (words === "") return [];
  return [
    ReplyDrafted({
      ...{ conversationId, channel, from: business, to: customer, text: words },
      speaker: role === "AGENT" || role === "SUPERVISOR" ? "agent" : "system",
      kind: "conversation",
      inReplyTo: id,
    }),
  ];
}
