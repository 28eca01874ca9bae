import { type Chat, currentSegment } from "./chat.ts";
import type { Saying } from "./transcripts.ts";

/** What all of Connect's event content types begin with. */
export const EVENT = "application/vnd.amazonaws.connect.event.";

// One participant speaks for all flows. The display name is what published transcripts show.
const SYSTEM = {
  ParticipantId: "cccccccc-0000-4000-8000-000000000003",
  DisplayName: "SYSTEM_MESSAGE",
  ParticipantRole: "SYSTEM",
} as const;

/** The customer of a chat, as a participant. */
export function customerIn(chat: Chat) {
  return {
    ParticipantId: chat.customerId,
    DisplayName: chat.displayName,
    ParticipantRole: "CUSTOMER",
  } as const;
}

/** The agent whom a chat is with, as a participant. */
export function agentIn(chat: Chat) {
  const { agent, agentParticipantId } = currentSegment(chat);
  if (!agent || !agentParticipantId) throw new Error(`chat ${chat.id} is with no agent`);
  return {
    ParticipantId: agentParticipantId,
    DisplayName: agent,
    ParticipantRole: "AGENT",
  } as const;
}

/** An event by somebody, or by nobody. */
export function event(name: string, by: Partial<Saying> = {}): Saying {
  return { Type: "EVENT", ContentType: `${EVENT}${name}`, ...by };
}

/** A message by somebody; by the flow when nobody is named. */
export function message(
  content: string,
  by: Partial<Saying> = SYSTEM,
  contentType = "text/plain",
): Saying {
  return { Type: "MESSAGE", ContentType: contentType, Content: content, ...by };
}
