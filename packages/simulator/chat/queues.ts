import type { Journal } from "../journal/journal.ts";
import { table } from "../journal/table.ts";

/** What can be set on a queue. */
export interface QueueSettings {
  readonly name: string;
  readonly hours: "open" | "closed";
  readonly capacity?: number;
}

/** A chat's place in line: lower priority numbers first, then the older. */
export interface Place {
  readonly chatId: string;
  readonly priority: number;
  /** When it was put in the queue, moved back by the routing age the flow gave it. */
  readonly sinceMs: number;
  readonly enqueuedAt: number;
}

/** The queues of the instance and who waits in them. */
export interface Queues {
  settings(name: string): QueueSettings | undefined;
  set(settings: QueueSettings): QueueSettings;
  names(): string[];
  enter(name: string, place: Place): void;
  leave(name: string, chatId: string): void;
  /** From 1, or nothing when it does not wait there. */
  position(name: string, chatId: string): number | undefined;
  sizeOf(name: string): number;
  oldestAgeSeconds(name: string): number;
  /** The first in line of all queues. */
  first(): { readonly queue: string; readonly place: Place } | undefined;
  clear(): void;
}

/** The queues; their settings are kept, the lines are rebuilt from the chats. */
export function queues(journal: Journal): Queues {
  const kept = table<QueueSettings>(journal, "queue");
  const lines = new Map<string, Place[]>();
  const lineOf = (name: string) => {
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    return line;
  };
  // Places by chat, so that a position is a binary search and not a walk along ten thousand waiting chats.
  const places = new Map<string, Place>();
  const indexIn = (line: readonly Place[], place: Place) => {
    let low = 0;
    let high = line.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(line[middle] as Place, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const oldest = new Map<string, { atMs: number; enqueuedAt: number | undefined }>();
  return {
    settings: (name) => kept.get(name),
    set(settings) {
      kept.put(settings.name, settings);
      return settings;
    },
    names: () => [...kept.values()].map(({ name }) => name),
    enter(name, place) {
      const line = lineOf(name);
      line.splice(indexIn(line, place), 0, place);
      places.set(place.chatId, place);
    },
    leave(name, chatId) {
      const place = places.get(chatId);
      const line = lineOf(name);
      if (!place) return;
      const index = indexIn(line, place);
      if (line[index]?.chatId !== chatId) return;
      line.splice(index, 1);
      places.delete(chatId);
    },
    position(name, chatId) {
      const place = places.get(chatId);
      const line = lineOf(name);
      if (!place) return undefined;
      const index = indexIn(line, place);
      return line[index]?.chatId === chatId ? index + 1 : undefined;
    },
    sizeOf: (name) => lineOf(name).length,
    oldestAgeSeconds(name) {
      // Routing age moves chats about, so the head need not be the oldest. One walk a second is enough:
      // Connect's own queue metrics are five to ten seconds old.
      const nowMs = Date.now();
      let known = oldest.get(name);
      if (!known || nowMs - known.atMs > 1_000) {
        let enqueuedAt: number | undefined;
        for (const place of lineOf(name))
          if (enqueuedAt === undefined || place.enqueuedAt < enqueuedAt)
            enqueuedAt = place.enqueuedAt;
        known = { atMs: nowMs, enqueuedAt };
        oldest.set(name, known);
      }
      return known.enqueuedAt === undefined
        ? 0
        : Math.max(0, Math.floor((nowMs - known.enqueuedAt) / 1000));
    },
    first() {
      let best: { queue: string; place: Place } | undefined;
      for (const [queue, [place]] of lines)
        if (place && (!best || before(place, best.place))) best = { queue, place };
      return best;
    },
    clear() {
      lines.clear();
      places.clear();
      oldest.clear();
    },
  };
}

function before(a: Place, b: Place): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.sinceMs !== b.sinceMs) return a.sinceMs < b.sinceMs;
  return a.chatId < b.chatId;
}
