import { randomUUID } from "node:crypto";
import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";
import { type Chat, currentSegment, type Item } from "./chat.ts";

/** What somebody says or what happens, before it has an id and a time. */
export type Saying = Pick<
  Item,
  "Type" | "ContentType" | "Content" | "ParticipantId" | "DisplayName" | "ParticipantRole"
>;

/** What was said in each chat, in order. */
export interface Transcripts {
  /** Makes an item of it and keeps it. */
  add(chat: Chat, saying: Saying): Item;
  /** Makes an item of it that is shown and not kept, as Connect does with typing. */
  stamp(chat: Chat, saying: Saying): Item;
  of(chatId: string): readonly Item[];
  clear(): void;
}

/** The transcripts, kept in the journal. */
export function transcripts(journal: Journal): Transcripts {
  const rows = table<Item>(journal, "item");
  const byChat = new Map<string, Item[]>();
  const lastMs = new Map<string, number>();
  for (const item of rows.values()) {
    const items = byChat.get(item.InitialContactId);
    if (items) items.push(item);
    else byChat.set(item.InitialContactId, [item]);
  }
  for (const [chatId, items] of byChat) {
    const last = items.at(-1);
    if (last) lastMs.set(chatId, Date.parse(last.AbsoluteTime));
  }
  const stamp = (chat: Chat, saying: Saying): Item => {
    // Clients order by AbsoluteTime, and it only has milliseconds: two items of a chat never share one.
    const ms = Math.max(Date.now(), (lastMs.get(chat.id) ?? 0) + 1);
    lastMs.set(chat.id, ms);
    return {
      AbsoluteTime: new Date(ms).toISOString(),
      ...saying,
      Id: randomUUID(),
      InitialContactId: chat.id,
      ContactId: currentSegment(chat).contactId,
    };
  };
  return {
    stamp,
    add(chat, saying) {
      const item = stamp(chat, saying);
      const items = byChat.get(chat.id);
      if (items) items.push(item);
      else byChat.set(chat.id, [item]);
      // Keys in the order of speaking, so that loading restores the order.
      rows.put(`${chat.id}/${String(items?.length ?? 1).padStart(7, "0")}`, item);
      return item;
    },
    of: (chatId) => byChat.get(chatId) ?? [],
    clear() {
      rows.clear();
      byChat.clear();
      lastMs.clear();
    },
  };
}
