import type { Event } from "@holdline/events";
import {
  blankRecord,
  type Claim,
  type Delayed,
  type Mark,
  type StageRecord,
  StaleLease,
  type StateStore,
  turnOf,
  type Work,
} from "@holdline/runtime";
import { buckets } from "../../packages/embedded/buckets.ts";

interface Entry {
  record: StageRecord;
  /** Committed and not known to be published. Empty is a commit that had nothing to say. */
  outbox?: readonly Event[] | undefined;
  lease?: { readonly token: string; readonly until: number } | undefined;
}

/**
 * A state store in memory, in two steps as a store and a bus that know nothing of each other have them:
 * `commit` leaves an outbox, and whoever claims next is handed it. All of it counts as durable, so a
 * process that crashed is simply another one that goes on with the same store.
 */
export function memoryStore(now: () => number): StateStore {
  const entries = new Map<string, Entry>();
  const marks = new Map<string, Mark>();
  const seenIds = new Set<string>();
  const delayed = new Map<string, Delayed>();
  const values = new Map<string, string>();
  const limits = buckets(now);
  let taken = 0;

  const entryOf = ({ stage, key }: Work): Entry => {
    const id = `${stage}/${key}`;
    const entry = entries.get(id) ?? { record: blankRecord };
    entries.set(id, entry);
    return entry;
  };

  /** What is stored is a copy, as it would be anywhere else. */
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  function held(work: Work, token: string): Entry {
    const entry = entryOf(work);
    if (entry.lease?.token !== token) throw new StaleLease("the lease was lost");
    return entry;
  }

  return {
    name: "memory",

    async claim(work, { leaseMs, gapMs, ordered }): Promise<Claim> {
      const entry = entryOf(work);
      if (entry.lease && entry.lease.until > now())
        return { claim: "wait", why: "held", sinceMs: 0 };
      const take = () => {
        const token = `${++taken}`;
        entry.lease = { token, until: now() + leaseMs };
        return token;
      };
      if (entry.outbox) return { claim: "outbox", token: take(), events: copy(entry.outbox) };
      const turn = work.position && turnOf(entry.record, work.position, now(), gapMs, ordered);
      if (turn?.turn === "seen") return { claim: "seen" };
      if (turn?.turn === "early") {
        if (turn.record) entry.record = copy(turn.record);
        return { claim: "wait", why: "early", sinceMs: turn.sinceMs };
      }
      const { attempt = 1, late = false, gap = 0 } = turn ?? {};
      return { claim: "mine", attempt, late, gap, token: take(), record: copy(entry.record) };
    },

    async commit(work, token, { record, publish, delay, seen, forget }) {
      const entry = held(work, token);
      if (entry.outbox) throw new StaleLease("this lease has committed already");
      entry.record = copy(record);
      entry.outbox = copy(publish);
      for (const late of delay) if (!delayed.has(late.id)) delayed.set(late.id, copy(late));
      for (const id of seen) seenIds.add(id);
      for (const token of forget) marks.delete(token);
    },

    async clear(work, token) {
      const entry = entryOf(work);
      if (entry.lease?.token !== token) return;
      entry.outbox = undefined;
      entry.lease = undefined;
    },

    async release(work, token, record) {
      const entry = entryOf(work);
      if (entry.lease?.token !== token) return;
      entry.lease = undefined;
      if (record) entry.record = copy(record);
    },

    async peek(work) {
      return copy(entryOf(work).record);
    },

    async mark(token) {
      return marks.get(token);
    },
    async begin(work, lease, token, times) {
      held(work, lease);
      if (times === 0) marks.delete(token);
      else marks.set(token, { begunAt: now(), times });
    },
    async done(work, lease, token, outcome) {
      held(work, lease);
      marks.set(token, { outcome: copy(outcome ?? null) });
    },

    async isSeen(id) {
      return seenIds.has(id);
    },

    async due(until, limit) {
      return [...delayed.values()]
        .filter(({ due }) => due <= until)
        .sort((a, b) => (a.due < b.due ? -1 : 1))
        .slice(0, limit);
    },
    async dropDelayed(id) {
      delayed.delete(id);
    },

    take: async (limit, cost, priority) => limits.take(limit, cost, priority),

    async keep(name, value) {
      values.set(name, value);
    },
    async kept(name) {
      return values.get(name);
    },
    async forget(name) {
      values.delete(name);
    },
    async keptUnder(prefix) {
      return [...values]
        .filter(([name]) => name.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value }));
    },

    async remembered(key, stages) {
      const progress = (stage: string) => {
        const { record, lease } = entryOf({ stage, key });
        const held = lease !== undefined && lease.until > now();
        return { cursors: record.cursors, heldUntil: held ? lease.until : null };
      };
      return {
        stages: Object.fromEntries(stages.map((stage) => [stage, progress(stage)])),
        begun: [...marks].flatMap(([token, mark]) => ("outcome" in mark ? [] : { token, ...mark })),
        delayed: [...delayed.values()]
          .filter(({ draft }) => draft.key === key)
          .sort((a, b) => (a.due < b.due ? -1 : 1)),
      };
    },
  };
}
