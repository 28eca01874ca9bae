import { randomUUID } from "node:crypto";
import type { Event } from "@holdline/events";
import {
  blankRecord,
  type Delayed,
  type Mark,
  type Progress,
  type StageRecord,
  StaleLease,
  type StateStore,
  turnOf,
  type Work,
} from "@holdline/runtime";
import { buckets } from "./buckets.ts";
import type { Database } from "./database.ts";
import { recentValues } from "./recent.ts";
import type { Write } from "./schema.ts";

export interface StoreOptions {
  readonly now: () => number;
  /** How long an id let in by a door is remembered. Longer than any carrier or Connect repeats itself. */
  readonly seenForMs: number;
  /** How long the marks of a dead-lettered event are kept for its redrive. */
  readonly marksForMs: number;
  /** Records kept in memory; the others are read again. */
  readonly cached: number;
  /**
   * Whether what commits say is for another transport than the log of the same file: it is kept as an
   * outbox until that transport has it.
   */
  readonly outbox: boolean;
}

/** Lazy commits before all of them are written. */
const lazyAtMost = 1_000;

/**
 * The state store in one file. A commit stores the record and, in the same transaction, publishes the
 * events to the log or keeps them as outbox. Leases live in memory and are void when the file is opened again.
 */
export function embeddedStore(
  database: Database,
  append: (events: readonly Event[], also: readonly Write[]) => Promise<void>,
  { now, seenForMs, marksForMs, cached, outbox: keepsOutbox }: StoreOptions,
): StateStore & { progress(stage: string, key: string): Progress } {
  const readRecord = database.prepare("SELECT body FROM records WHERE id = ?");
  const readSeen = database.prepare("SELECT 1 FROM seen WHERE id = ?");
  const readDue = database.prepare("SELECT body FROM delayed WHERE due <= ? ORDER BY due LIMIT ?");
  const readDelayed = database.prepare(
    "SELECT body FROM delayed WHERE json_extract(body, '$.draft.key') = ? ORDER BY due",
  );
  const readKept = database.prepare("SELECT value FROM kept WHERE name = ?");
  const readKeptUnder = database.prepare(
    "SELECT name, value FROM kept WHERE name >= ? AND name < ? ORDER BY name",
  );
  // Kept as text: many small objects would cost the garbage collector more than parsing again does.
  const records = recentValues<string>(cached);
  /** Lazy commits: newer than what is on disk, and part of the next write of the same record. */
  const unwritten = new Map<string, StageRecord>();
  let writingAll = false;
  const leases = new Map<
    string,
    { readonly token: string; readonly until: number; writes: number }
  >();
  // Whoever was given a lease before the file was opened again must not find it holds once more.
  const opening = randomUUID().slice(0, 8);
  let taken = 0;
  const limits = buckets(now);
  // Marks live only while an event is being run, or after it was dead-lettered: few enough for memory.
  const marks = new Map<string, Mark>();
  for (const { token, body } of database.prepare("SELECT token, body FROM marks").all())
    marks.set(token as string, JSON.parse(body as string) as Mark);

  // Like marks, few: an outbox lives until its commit is published.
  const outboxes = new Map<string, string>();
  for (const { id, body } of database.prepare("SELECT id, body FROM outboxes").all())
    outboxes.set(id as string, body as string);

  const idOf = ({ stage, key }: Work) => `${stage}/${key}`;

  function recordOf(id: string): StageRecord {
    const lazy = unwritten.get(id);
    if (lazy) return lazy;
    const body = records.get(id) ?? (readRecord.first(id)?.body as string | undefined);
    return body ? (JSON.parse(body) as StageRecord) : blankRecord;
  }

  /** Nobody takes a conversation over while its holder writes, however long the disk takes. */
  async function held<T>(work: Work, token: string, step: (id: string) => Promise<T>): Promise<T> {
    const id = idOf(work);
    const lease = leases.get(id);
    if (lease?.token !== token) throw new StaleLease(`${id} is not held`);
    lease.writes++;
    try {
      return await step(id);
    } finally {
      lease.writes--;
    }
  }

  /** The record as it is on disk from now on. */
  function written(id: string, body: string) {
    unwritten.delete(id);
    records.set(id, body);
  }

  /** Keeps a record in memory only; every so often all of these are written at once. */
  async function remember(id: string, record: StageRecord) {
    unwritten.set(id, record);
    if (unwritten.size < lazyAtMost || writingAll) return;
    writingAll = true;
    // What its holder is writing just now is newer than this.
    const all = [...unwritten]
      .filter(([id]) => !leases.get(id)?.writes)
      .map(([id, record]) => ({ id, record, body: JSON.stringify(record) }));
    try {
      await database.write(all.map(({ id, body }) => ["record", id, body]));
      for (const { id, record, body } of all) if (unwritten.get(id) === record) written(id, body);
    } finally {
      writingAll = false;
    }
  }

  const drop = (id: string, token: string) => {
    if (leases.get(id)?.token === token) leases.delete(id);
  };

  function mark(token: string, mark: Mark): Promise<void> {
    marks.set(token, mark);
    return database.write([["mark", token, JSON.stringify(mark), now() + marksForMs]]);
  }

  function unmark(token: string): Promise<void> {
    marks.delete(token);
    return database.write([["unmark", token]]);
  }

  function progress(stage: string, key: string): Progress {
    const id = idOf({ stage, key });
    const { until = 0, writes = 0 } = leases.get(id) ?? {};
    const held = writes > 0 || until > now();
    return { cursors: recordOf(id).cursors, heldUntil: held ? Math.max(until, now()) : null };
  }

  return {
    name: "embedded",

    async claim(work, { leaseMs, gapMs, ordered }) {
      const id = idOf(work);
      const lease = leases.get(id);
      if (lease && (lease.writes > 0 || lease.until > now()))
        return { claim: "wait", why: "held", sinceMs: 0 };
      const take = () => {
        const token = `${opening}-${++taken}`;
        leases.set(id, { token, until: now() + leaseMs, writes: 0 });
        return token;
      };
      const unpublished = outboxes.get(id);
      if (unpublished !== undefined)
        return { claim: "outbox", token: take(), events: JSON.parse(unpublished) as Event[] };
      const record = recordOf(id);
      const mine = { claim: "mine", attempt: 1, late: false, gap: 0, record } as const;
      const turn = work.position && turnOf(record, work.position, now(), gapMs, ordered);
      if (turn?.turn === "seen") return { claim: "seen" };
      if (turn?.turn === "early") {
        if (turn.record) await remember(id, turn.record);
        return { claim: "wait", why: "early", sinceMs: turn.sinceMs };
      }
      return { ...mine, ...turn, token: take() };
    },

    commit: (work, token, { record, publish, delay, seen, forget, lazily }) =>
      held(work, token, async (id) => {
        if (lazily) {
          await remember(id, record);
          return drop(id, token);
        }
        const body = JSON.stringify(record);
        const also: Write[] = [["record", id, body]];
        for (const late of delay) also.push(["delay", late.id, late.due, JSON.stringify(late)]);
        for (const mark of seen) also.push(["see", mark, now() + seenForMs]);
        for (const token of forget) if (marks.has(token)) also.push(["unmark", token]);
        const posting = keepsOutbox && publish.length > 0;
        if (posting) {
          if (outboxes.has(id)) throw new StaleLease(`${id} has committed already`);
          const outbox = JSON.stringify(publish);
          await database.write([...also, ["post", id, outbox]]);
          outboxes.set(id, outbox);
        } else await append(publish, also);
        for (const token of forget) marks.delete(token);
        written(id, body);
        if (!posting) drop(id, token);
      }),

    async clear(work, token) {
      const id = idOf(work);
      if (leases.get(id)?.token !== token) return;
      // Not waited for: an outbox that comes back after a crash is published once more, and told by its places.
      if (outboxes.delete(id)) database.write([["unpost", id]]).catch(() => {});
      drop(id, token);
    },

    async release(work, token, record) {
      const id = idOf(work);
      if (leases.get(id)?.token !== token) return;
      if (record)
        await held(work, token, async () => {
          const body = JSON.stringify(record);
          await database.write([["record", id, body]]);
          written(id, body);
        });
      drop(id, token);
    },

    async peek(work) {
      return recordOf(idOf(work));
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
