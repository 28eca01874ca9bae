import type { Item } from "../chat/chat.ts";
import { ACCOUNT, INSTANCE, lastPart } from "../identity.ts";
import type { World } from "../world.ts";
import type { Topics } from "./topics.ts";

/** The topic chats may be streamed to, and the queue it delivers to. */
export const STREAMING = "chat-streaming";

/**
 * Publishes what is said in a chat to the topics it streams to (StartContactStreaming), as Connect does:
 * the item as a JSON string, with attributes to filter by (Administrator guide, "SNS payload").
 */
export function chatStreams(world: World, topics: Topics) {
  return (item: Item): void => {
    const chat = world.chats.find(item.InitialContactId);
    const attributes = {
      InitialContactId: item.InitialContactId,
      ContactId: item.ContactId,
      InstanceId: INSTANCE,
      AccountId: ACCOUNT,
      Type: item.Type,
      ContentType: item.ContentType,
      MessageVisibility: "ALL",
      ...(item.ParticipantRole && { ParticipantRole: item.ParticipantRole }),
    };
    for (const { arn } of chat?.streams ?? []) topics.publish(lastPart(arn), item, { attributes });
  };
}
