import { type Refusal, refusals } from "@holdline/channels/reading";
import {
  type EventDeadLettered,
  type EventOf,
  type MessageClassified,
  type MessageHandedOver,
  RelayRefused,
  RelaySent,
  type ReplyRefused,
} from "@holdline/events";
import * as z from "zod";
import { idempotent, priorities, type Relay, say, sendMessageLimit } from "./relay.ts";
import { summary } from "./summary.ts";

/** Reasons to leave a chat on the customer's behalf. */
const leaving: ReadonlySet<string> = new Set(["stop", "idle", "superseded"]);

/** A text for the agent goes into the chat; STOP and a long silence end it. */
export async function onClassified({ data }: EventOf<typeof MessageClassified>, relay: Relay) {
  const { conversationId, channel, business, customer, messageId, contactId, text } = data;
  if (contactId === null) return [];
  const about = { conversationId, channel, business, customer, contactId, messageId };
  if (data.route === "nobody" && leaving.has(data.reason)) {
    const itemIds = data.reason === "stop" ? await farewell(contactId, relay) : [];
    await relay.once(
      "leave",
      (token, signal) => relay.contacts.leave(contactId, token, signal).then(() => true),
      idempotent(sendMessageLimit(relay), priorities.note),
    );
    return [RelaySent({ ...about, itemIds })];
  }
  if (data.route !== "agent") return [];
  const words = data.speaker === "bot" ? `[Bot] ${text}` : text;
  const said = await say(relay, "say", contactId, words, priorities.live);
  // A note that can't be given is no text lost: it was the bot's.
  if (said.sent || data.speaker === "bot")
    return [RelaySent({ ...about, itemIds: said.sent ? said.itemIds : [] })];
  return [RelayRefused({ ...about, reason: said.reason, text: said.rest })];
}

async function farewell(contactId: string, relay: Relay): Promise<string[]> {
  const words = "[The customer opted out of texts (STOP). This chat is closed.]";
  const said = await say(relay, "stop", contactId, words, priorities.note);
  return said.sent ? said.itemIds : [];
}

/** An agent who takes over sees what customer and bot said before. */
export async function onHandedOver({ data, id }: EventOf<typeof MessageHandedOver>, relay: Relay) {
  if (data.turns.length === 0) return [];
  const { conversationId, channel, business, customer, contactId } = data;
  const about = { conversationId, channel, business, customer, contactId };
  const said = await say(relay, "summary", contactId, summary(data.turns), priorities.live);
  // A summary that can't be given is no text lost: the chat has ended.
  return [RelaySent({ ...about, messageId: id, itemIds: said.sent ? said.itemIds : [] })];
}

/** An agent is told when the customer will not get what the agent wrote. */
export async function onReplyRefused({ data, id }: EventOf<typeof ReplyRefused>, relay: Relay) {
  const known = refusals[data.reason as Refusal];
  if (data.speaker !== "agent" || !known?.tellAgent) return [];
  return undelivered(data.conversationId, id, data.reason, relay);
}

/** The same when we gave up on sending it: too old, or nobody knows whether it left. */
export async function onDeadLetter({ data, id }: EventOf<typeof EventDeadLettered>, relay: Relay) {
  if (data.stage !== "outbound-sms") return [];
  const reply = AgentsReply.safeParse(data.event);
  return reply.success ? undelivered(data.conversationId, id, data.code, relay) : [];
}

const AgentsReply = z.object({
  type: z.literal("reply.drafted"),
  data: z.object({ speaker: z.literal("agent") }),
});

async function undelivered(conversationId: string, messageId: string, why: string, relay: Relay) {
  const { contactId, parties } = relay.state;
  if (!contactId || !parties) return [];
  const words = `[Not delivered to the customer: ${why}.]`;
  const said = await say(relay, "undelivered", contactId, words, priorities.note);
  const about = { conversationId, ...parties, contactId, messageId };
  return said.sent ? [RelaySent({ ...about, itemIds: said.itemIds })] : [];
}
