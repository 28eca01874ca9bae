import {
  ChatSaid,
  ContactOpened,
  ContactRefused,
  ContactWanted,
  EventDeadLettered,
  type EventOf,
  MessageClassified,
  MessageHandedOver,
  RelayRefused,
  RelaySent,
  ReplyDrafted,
  ReplyRefused,
} from "@holdline/events";
import { stage } from "@holdline/runtime";
import * as z from "zod";
import { onSaid, onWanted } from "./connect-relay/contact.ts";
import type { Relay } from "./connect-relay/relay.ts";
import {
  onClassified,
  onDeadLetter,
  onHandedOver,
  onReplyRefused,
} from "./connect-relay/to-agent.ts";

const Known = z.object({
  parties: z.object({ channel: z.string(), business: z.string(), customer: z.string() }).nullable(),
  language: z.string(),
  contactId: z.string().nullable(),
});
export type Known = z.output<typeof Known>;

/** Opens chats, carries customers' texts into them and what agents say out of them. */
export const connectRelay = stage({
  name: "connect-relay",
  calls: ["connect"],
  on: [
    ContactWanted,
    MessageClassified,
    MessageHandedOver,
    ChatSaid,
    ReplyRefused,
    EventDeadLettered,
  ],
  emits: [ContactOpened, ContactRefused, RelaySent, RelayRefused, ReplyDrafted],
  state: {
    schema: Known,
    version: 1,
    initial: { parties: null, language: "en-US", contactId: null },
    evolve,
  },

  async run(event, ports: Relay) {
    switch (event.type) {
      case "contact.wanted":
        return onWanted(event, ports);
      case "message.classified":
        return onClassified(event, ports);
      case "message.handed-over":
        return onHandedOver(event, ports);
      case "chat.said":
        return onSaid(event, ports);
      case "reply.refused":
        return onReplyRefused(event, ports);
      case "event.dead-lettered":
        return onDeadLetter(event, ports);
    }
  },
});

function evolve(
  known: Known,
  event: EventOf<typeof ContactWanted | typeof ContactOpened> | { readonly type: string },
): Known {
  if (event.type === "contact.wanted") {
    const { channel, business, customer, language } = (event as EventOf<typeof ContactWanted>).data;
    return { ...known, parties: { channel, business, customer }, language };
  }
  if (event.type === "contact.opened")
    return { ...known, contactId: (event as EventOf<typeof ContactOpened>).data.contactId };
  return known;
}
