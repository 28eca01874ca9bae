import { type Event, topicOf } from "@holdline/events";
import { lanes, spelt, type Transport } from "@holdline/runtime";
import type { Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import type { Write } from "./schema.ts";

export interface LogOptions {
  /** Conversations one subscriber works on at once. */
  readonly atOnce: number;
  /** Events one subscriber may have in hand before it stops reading on. */
  readonly inHand: number;
  /** Newest events kept in memory for subscribers that keep up; the others read from disk. */
  readonly tail: number;
}

/** An event in the log. */
export interface Entry {
  /** Its place in the whole log; ascending, and never used twice. */
  readonly off: number;
  readonly topic: string;
  readonly event: Event;
}

/** The log transport, and what else can be done with a log that is also the archive. */
export interface Log extends Transport {
  /** Appends events together with other writes, as one transaction. */
  append(events: readonly Event[], also: readonly Write[]): Promise<void>;
  /** Events from an offset on, oldest first; an event's offset is its place in the whole log. */
  read(from: number, limit: number): readonly Entry[];
  /** One conversation's events, oldest first. */
  conversation(key: string): readonly Event[];
  deadLetters(): readonly Event[];
  /** The offset the next event will get. */
  readonly end: number;
  /** Calls back after events became durable, until `signal` aborts. */
  onAppend(listener: () => void, signal: AbortSignal): void;
}

/** A log in one file: durable once published, delivered in order, kept for ever. */
export function embeddedLog(
  database: Database,
  { numberOf }: Conversations,
  { atOnce, inHand, tail }: LogOptions,
): Log {
  const last = database.prepare("SELECT max(off) AS off FROM events").first();
  const page = database.prepare(
    "SELECT off, topic, body FROM events WHERE off >= ? ORDER BY off LIMIT ?",
  );
  const ofKey = database.prepare("SELECT body FROM history WHERE key = ? ORDER BY off");
  const dead = database.prepare("SELECT body FROM events WHERE topic = 'event' ORDER BY off");
  const consumed = database.prepare("SELECT off FROM consumers WHERE name = ?");
  const listeners = new Set<() => void>();
  let next = ((last?.off as number | null) ?? 0) + 1;
  /** Everything before this offset is durable. */
  let end = next;
  let telling = false;
  let recent: Entry[] = [];
  /** Durable groups resolve in order, so `end` only moves forward. */
  async function append(events: readonly Event[], also: readonly Write[]) {
    const fresh: Entry[] = [];
    const writes: Write[] = [...also];
    const bodies = events.map(spelt);
    for (const [at, event] of events.entries()) {
      const off = next++;
      const topic = topicOf(event.type);
      fresh.push({ off, topic, event });
      writes.push(["append", off, numberOf(event.key, writes), topic, bodies[at] ?? ""]);
    }
    await database.write(writes);
    if (fresh.length === 0) return;
    // A group that failed leaves a hole; memory holds a run without holes, disk has the rest.
    if (recent.length > 0 && fresh[0]?.off !== (recent.at(-1)?.off ?? 0) + 1) recent = [];
    for (const entry of fresh) recent.push(entry);
    end = (fresh.at(-1)?.off ?? 0) + 1;
    if (recent.length > 2 * tail) recent = recent.slice(-tail);
    tell();
  }

  /** A group makes many appends durable at once: whoever listens is told once. */
  function tell() {
    if (telling) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      for (const listener of listeners) listener();
    });
  }

  function read(from: number, limit: number) {
    const first = recent[0]?.off;
    if (from >= end) return [];
    if (first !== undefined && from >= first)
      return recent.slice(from - first, from - first + limit);
    return page
      .all(from, limit)
      .filter(({ off }) => (off as number) < end)
      .map(({ off, topic, body }) => ({
        ...{ off: off as number, topic: topic as string },
        event: JSON.parse(body as string) as Event,
      }));
  }

  const parsed = (rows: readonly Record<string, unknown>[]) =>
    rows.map(({ body }) => JSON.parse(body as string) as Event);

  return {
    name: "log",
    traits: { ordered: true, retains: true },
    append,
    read,
    publish: (events) => append(events, []),
    conversation: (key) => parsed(ofKey.all(key)),
    deadLetters: () => parsed(dead.all()),
    get end() {
      return end;
    },
    onAppend(listener, signal) {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },

    async consume({ name, topics, wants = () => true }, deliver, signal) {
      const wanted = new Set(topics);
      const work = lanes(deliver, { atOnce });
      let from = (consumed.first(name)?.off as number | undefined) ?? 1;
      let saved = from;
      let reading = false;

      const readOn = () => {
        if (reading || signal.aborted) return;
        reading = true;
        while (work.busy < inHand) {
          const entries = read(from, 500);
          for (const { off, topic, event } of entries)
            if (wanted.has(topic) && wants(event))
              work.add({ off, key: event.key, stream: event.position.stream, raw: event });
          from = (entries.at(-1)?.off ?? from - 1) + 1;
          if (entries.length === 0) break;
        }
        reading = false;
      };
      // The place is a shortcut for the next start, not a promise: what is delivered again is told by
      // the stage's own cursor.
      const save = async () => {
        const place = work.oldest() ?? from;
        if (place === saved) return;
        saved = place;
        await database.write([["consumed", name, place]]);
      };
      const saving = setInterval(() => void save().catch(() => {}), 1_000);
      const catchingUp = setInterval(readOn, 100);
      listeners.add(readOn);
      readOn();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      listeners.delete(readOn);
      clearInterval(saving);
      clearInterval(catchingUp);
      await work.stop();
      await save();
    },
  };
}
