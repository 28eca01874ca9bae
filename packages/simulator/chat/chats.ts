import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";
import { type Chat, currentSegment, type Segment } from "./chat.ts";

/** All chats, found by any of their ContactIds. */
export interface Chats {
  /** By InitialContactId or the ContactId of any segment. */
  find(contactId: string): Chat | undefined;
  all(): Iterable<Chat>;
  /** Those that have not ended: Connect's quota counts waiting and idle ones. */
  readonly activeCount: number;
  add(chat: Chat): void;
  /** Replaces some members, and answers with the chat as it is now. */
  change(id: string, members: Partial<Chat>): Chat;
  changeSegment(id: string, members: Partial<Segment>): Chat;
  /** Chats that are or were on this agent's desk, oldest first, with the segment that was. */
  ofAgent(agent: string): { readonly chat: Chat; readonly segment: Segment }[];
  clear(): void;
}

/** The chats, kept in the journal. */
export function chats(journal: Journal): Chats {
  const rows = table<Chat>(journal, "chat");
  const bySegment = new Map<string, string>();
  const desks = new Map<string, Set<string>>();
  let activeCount = 0;
  const index = (chat: Chat) => {
    for (const segment of chat.segments.slice(1)) bySegment.set(segment.contactId, chat.id);
    for (const segment of chat.segments) if (segment.agent) deskOf(segment.agent).add(chat.id);
  };
  const deskOf = (agent: string) => {
    const desk = desks.get(agent) ?? new Set();
    desks.set(agent, desk);
    return desk;
  };
  for (const chat of rows.values()) {
    index(chat);
    if (chat.state !== "ended") activeCount++;
  }
  const must = (id: string) => {
    const chat = rows.get(id);
    if (!chat) throw new Error(`there is no chat ${id}`);
    return chat;
  };
  const change = (id: string, members: Partial<Chat>): Chat => {
    const before = must(id);
    const chat = { ...before, ...members };
    if (before.state !== "ended" && chat.state === "ended") activeCount--;
    rows.put(id, chat);
    if (members.segments) index(chat);
    return chat;
  };
  return {
    find: (contactId) => rows.get(contactId) ?? rows.get(bySegment.get(contactId) ?? ""),
    all: () => rows.values(),
    get activeCount() {
      return activeCount;
    },
    add(chat) {
      rows.put(chat.id, chat);
      activeCount++;
    },
    change,
    changeSegment(id, members) {
      const chat = must(id);
      const segments = [...chat.segments.slice(0, -1), { ...currentSegment(chat), ...members }];
      return change(id, { segments });
    },
    ofAgent: (agent) =>
      [...deskOf(agent)].flatMap((id) => {
        const chat = must(id);
        return chat.segments
          .filter((segment) => segment.agent === agent)
          .map((segment) => ({ chat, segment }));
      }),
    clear() {
      rows.clear();
      bySegment.clear();
      desks.clear();
      activeCount = 0;
    },
  };
}
