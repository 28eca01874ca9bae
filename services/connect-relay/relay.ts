import type { Limit, Once } from "@holdline/runtime";
import type { Known } from "../connect-relay.ts";
import type { Ports } from "../ports.ts";

/** What the relay's parts work with. */
export type Relay = Pick<Ports, "contacts" | "settings"> & {
  readonly once: Once;
  readonly state: Known;
};

/** Quotas are per Connect instance and shared by everything that speaks to it (facts of the service: SendMessage 10/s, StartChatContact 5/s). */
export const sendMessageLimit = ({ settings }: Relay): Limit => ({
  name: "connect/send-message",
  perSecond: settings.limits.sendMessagePerSecond,
  burst: Math.ceil(settings.limits.sendMessagePerSecond * 1.5),
});

export const startChatLimit = ({ settings }: Relay): Limit => ({
  name: "connect/start-chat",
  perSecond: settings.limits.startChatPerSecond,
  burst: Math.ceil(settings.limits.startChatPerSecond * 1.6),
});

/** Live chats before waiting ones. */
export const priorities = { live: 0, note: 1, opening: 2 } as const;

/** The terms of an effect that Connect makes idempotent by its ClientToken. */
export function idempotent(limit: Limit, priority: number) {
  const pace = Number.isFinite(limit.perSecond) ? [{ limit, cost: 1, priority }] : [];
  return { ifUnsure: "retry", pace } as const;
}

export type Said =
  | { readonly sent: true; readonly itemIds: string[] }
  | { readonly sent: false; readonly reason: "contact-ended" | "not-valid"; readonly rest: string };

/** Says a text into the chat, in as many parts as it takes, each once and in order. */
export async function say(
  relay: Relay,
  name: string,
  contactId: string,
  text: string,
  priority: number,
): Promise<Said> {
  const itemIds: string[] = [];
  const parts = relay.contacts.fit(text);
  for (const [nth, part] of parts.entries()) {
    const said = await relay.once(
      `${name}-${nth}`,
      (token, signal) => relay.contacts.say(contactId, part, token, signal),
      idempotent(sendMessageLimit(relay), priority),
    );
    if (!said.sent) return { sent: false, reason: said.reason, rest: parts.slice(nth).join(" ") };
    itemIds.push(said.itemId);
  }
  return { sent: true, itemIds };
}
