import {
  admissionId,
  ChatItem,
  type ContactBook,
  isEnd,
  isHeard,
  readItem,
} from "@holdline/connect";
import type { Ingress } from "@holdline/runtime";
import * as z from "zod";
import { heardAfter } from "../socket-holder/index.ts";
import type { DoorRecord, Standing } from "./batch.ts";

/** How long an item waits for one said before it: SNS is slower and less orderly than a socket. */
export const streamingHoldBackMs = 2_000;

/** How long the book may be behind StartChatContact: what is not in it then was opened by somebody else. */
const unknownForMs = 60_000;

const Notification = z.object({ Message: z.string(), Timestamp: z.string() });
const Streamed = z.object({ InitialContactId: z.string().min(1).max(256) });

interface Heard {
  readonly contactId: string;
  readonly item: ChatItem;
  /** When SNS had it (epoch ms). */
  readonly publishedAt: number;
}

/** What Connect said of a chat in an SNS notification; nothing when it is not that. */
export function streamed(body: string): Heard | undefined {
  try {
    const { Message, Timestamp } = Notification.parse(JSON.parse(body));
    const payload = JSON.parse(Message);
    const { InitialContactId } = Streamed.parse(payload);
    const item = ChatItem.parse(payload);
    return { contactId: InitialContactId, item, publishedAt: Date.parse(Timestamp) };
  } catch {
    return undefined;
  }
}

/** Where an item stands: in its contact, at the time Connect gave it. */
export function standingOf({ messageId, body, attributes }: DoorRecord): Standing {
  const heard = streamed(body);
  const at = Date.parse(heard?.item.AbsoluteTime ?? "");
  return {
    line: heard ? `chat-${heard.contactId}` : messageId,
    at: Number.isNaN(at) ? Number(attributes.SentTimestamp) : at,
  };
}

export interface Streaming {
  readonly book: ContactBook;
  readonly ingress: Ingress;
  /** Told of what is nobody's: contact ids and codes, no text. */
  readonly odd: (about: object, message: string) => void;
}

/**
 * The second receiver: what Connect streams (`StartContactStreaming` → SNS → SQS) as the same `chat` events
 * that a socket brings, from the same producer and under the same ids. Both may run at once.
 *
 * Rejects when the item must come again: its contact is not in the book yet, or the store is down.
 */
export function streamingReceiver({ book, ingress, odd }: Streaming) {
  return async (body: string): Promise<void> => {
    const heard = streamed(body);
    if (!heard) return odd({}, "a notification is not Connect's");
    const { contactId, item, publishedAt } = heard;
    if (!isHeard(item)) return;
    const open = await book.of(contactId);
    const conversationId = open?.conversationId ?? (await book.conversationOfOver(contactId));
    if (conversationId === undefined) {
      if (Date.now() - publishedAt < unknownForMs)
        throw new Error("the contact is not in the book yet");
      return odd({ contactId }, "said in a contact that is not ours");
    }
    const before = await book.heard(contactId);
    const draft = readItem(item, { conversationId, contactId, queuedBefore: before.queued });
    if (!draft) return odd({ contactId, item: item.Id }, "a queue marker cannot be read");
    const id = admissionId(item, contactId);
    await ingress.admit("connect", id, draft);
    if (isEnd(item)) return book.end(contactId);
    if (!open) return;
    const atMs = Date.parse(item.AbsoluteTime);
    const late = before.lastItemAt !== null && atMs < Date.parse(before.lastItemAt);
    await book.advance(contactId, heardAfter(before, draft, late ? undefined : { id, atMs }));
  };
}
