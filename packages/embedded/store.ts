import type { Event } from "@holdline/events";
import {
  type Delayed,
  type Mark,
  type Progress,
  StaleLease,
  type StateStore,
  turnOf,
} from "@holdline/runtime";
import { buckets } from "./buckets.ts";
import type { Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { hands, idOf, workOf } from "./hands.ts";
import type { Write } from "./schema.ts";

export interface StoreOptions {
  readonly now: () => number;
  /** How long an id let in by a door is remembered. Longer than any carrier or Connect repeats itself. */
  readonly seenForMs: number;
  /** How long the marks of a dead-lettered event are kept for its redrive. */
  readonly marksForMs: number;
  /** Conversations of a stage kept in memory; the others are read again. */
  readonly cached: number;
  /**
   * Whether what commits say is for another transport than the log of the same file: it is kept as an
   * outbox until that transport has it.
   */
  readonly outbox: boolean;
}

/**
 * The state store in one file. A commit stores the record and, in the same transaction, publishes the
 * events to the log or keeps them as outbox. Leases live in memory and are void when the file is opened again.
 */
export function embeddedStore(
  database: Database,
  conversations: Conversations,
  append: (events: readonly Event[], also: readonly Write[]) => Promise<void>,
  { now, seenForMs, marksForMs, cached, outbox: keepsOutbox }: StoreOptions,
): StateStore & { progress(stage: string, key: string): Progress } {
  const readSeen = database.prepare("SELECT 1 FROM seen WHERE id = ?");
  const readDue = database.prepare("SELECT body FROM delayed WHERE due <= ? ORDER BY due LIMIT ?");
  const readDelayed = database.prepare(
    "SELECT body FROM delayed WHERE json_extract(body, '$.draft.key') = ? ORDER BY due",
  );
  const readKept = database.prepare("SELECT value FROM kept WHERE name = ?");
  const readKeptUnder = database.prepare(
    "SELECT name, value FROM kept WHERE name >= ? AND name < ? ORDER BY name",
  );
  const { handOf, recordOf, recording, isHeld, take, held, written, remember, drop } = hands(
    database,
    conversations,
    { now, cached },
  );
  const limits = buckets(now);
  // Marks live only while an event is being run, or after it was dead-lettered: few enough for memory.
  const marks = new Map<string, Mark>();
  for (const { token, body } of database.prepare("SELECT token, body FROM marks").all())
    marks.set(token as string, JSON.parse(body as string) as Mark);

  // Like marks, few: an outbox lives until its commit is published.
  for (const { id, body } of database.prepare("SELECT id, body FROM outboxes").all())
    handOf(workOf(id as string)).outbox = body as string;

  function mark(token: string, mark: Mark): Promise<void> {
    marks.set(token, mark);
    return database.write([["mark", token, JSON.stringify(mark), now() + marksForMs]]);
  }

  function unmark(token: string): Promise<void> {
    marks.delete(token);
    return database.write([["unmark", token]]);
  }

  function progress(stage: string, key: string): Progress {
    const hand = handOf({ stage, key });
    const heldUntil = isHeld(hand) ? Math.max(hand.lease?.until ?? 0, now()) : null;
    return { cursors: recordOf(hand).cursors, heldUntil };
  }

  return {
    name: "embedded",

    async claim(work, { leaseMs, gapMs, ordered }) {
      const hand = handOf(work);
      if (isHeld(hand)) return { claim: "wait", why: "held", sinceMs: 0 };
      if (hand.outbox !== undefined) {
        const events = JSON.parse(hand.outbox) as Event[];
        return { claim: "outbox", token: take(hand, leaseMs), events };
      }
      const record = recordOf(hand);
      const mine = { claim: "mine", attempt: 1, late: false, gap: 0, record } as const;
      const turn = work.position && turnOf(record, work.position, now(), gapMs, ordered);
      if (turn?.turn === "seen") return { claim: "seen" };
      if (turn?.turn === "early") {
        if (turn.record) await remember(hand, turn.record);
        return { claim: "wait", why: "early", sinceMs: turn.sinceMs };
      }
      return { ...mine, ...turn, token: take(hand, leaseMs) };
    },

    commit: (work, token, { record, publish, delay, seen, forget, lazily }) =>
      held(work, token, async (hand) => {
        if (lazily) {
          await remember(hand, record);
          return drop(hand, token);
        }
        const also = recording(hand, record);
        for (const late of delay) also.push(["delay", late.id, late.due, JSON.stringify(late)]);
        for (const mark of seen) also.push(["see", mark, now() + seenForMs]);
        for (const token of forget) if (marks.has(token)) also.push(["unmark", token]);
        const posting = keepsOutbox && publish.length > 0;
        if (posting) {
          if (hand.outbox !== undefined)
            throw new StaleLease(`${idOf(hand)} has committed already`);
          const outbox = JSON.stringify(publish);
          await database.write([...also, ["post", idOf(hand), outbox]]);
          hand.outbox = outbox;
        } else await append(publish, also);
        for (const token of forget) marks.delete(token);
        written(hand, record);
        if (!posting) drop(hand, token);
      }),

    async clear(work, token) {
      const hand = handOf(work);
      if (hand.lease?.token !== token) return;
      // Not waited for: an outbox that comes back after a crash is published once more, and told by its places.
      if (hand.outbox !== undefined) database.write([["unpost", idOf(hand)]]).catch(() => {});
      hand.outbox = undefined;
      drop(hand, token);
    },

    async release(work, token, record) {
      const hand = handOf(work);
      if (hand.lease?.token !== token) return;
      if (record)
        await held(work, token, async () => {
          await database.write(recording(hand, record));
          written(hand, record);
        });
      drop(hand, token);
    },

    async peek(work) {
      return recordOf(handOf(work));
    },

    async mark(token) {
      return marks.get(token);
    },
    begin: (work, lease, token, times) =>
      held(work, lease, () =>
        times === 0 ? unmark(token) : mark(token, { begunAt: now(), times }),
      ),
    done: (work, lease, token, outcome) =>
      held(work, lease, () => mark(token, { outcome: outcome ?? null })),

    async isSeen(id) {
      return readSeen.first(id) !== undefined;
    },

    async due(until, limit) {
      return readDue.all(until, limit).map(({ body }) => JSON.parse(body as string) as Delayed);
    },
    dropDelayed: (id) => database.write([["undelay", id]]),

    take: async (limit, cost, priority) => limits.take(limit, cost, priority),

    keep: (name, value) => database.write([["keep", name, value]]),
    async kept(name) {
      return readKept.first(name)?.value as string | undefined;
    },
    forget: (name) => database.write([["unkeep", name]]),
    async keptUnder(prefix) {
      // U+10FFFF sorts after everything a name is made of.
      return readKeptUnder
        .all(prefix, `${prefix}\u{10ffff}`)
        .map(({ name, value }) => ({ name: name as string, value: value as string }));
    },

    async remembered(key, stages) {
      return {
        stages: Object.fromEntries(stages.map((stage) => [stage, progress(stage, key)])),
        begun: [...marks].flatMap(([token, mark]) => ("outcome" in mark ? [] : { token, ...mark })),
        delayed: readDelayed.all(key).map(({ body }) => JSON.parse(body as string) as Delayed),
      };
    },

    progress,
  };
}
