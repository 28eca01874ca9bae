import { randomUUID } from "node:crypto";
import { blankRecord, type StageRecord, StaleLease, type Work } from "@holdline/runtime";
import type { Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { recentValues } from "./recent.ts";
import type { Write } from "./schema.ts";

/** A stage's conversation, as far as memory has it. */
export interface Hand {
  readonly stage: string;
  readonly key: string;
  /** As of the last commit; to be read where it is not here. */
  record: StageRecord | undefined;
  lease: { readonly token: string; readonly until: number; writes: number } | undefined;
  /** What its last commit says, until another transport has it. */
  outbox: string | undefined;
}

export const idOf = ({ stage, key }: Work) => `${stage}/${key}`;

export function workOf(id: string): Work {
  const end = id.indexOf("/");
  return { stage: id.slice(0, end), key: id.slice(end + 1) };
}

/** Lazy commits before all of them are written. */
const lazyAtMost = 1_000;

/** Stages' conversations in memory: who has which, and the record of each as of its last commit. */
export function hands(
  database: Database,
  { find, numberOf }: Conversations,
  { now, cached }: { readonly now: () => number; readonly cached: number },
) {
  const readRecord = database.prepare(
    "SELECT body FROM records WHERE stage = ? AND conversation = ?",
  );
  /** Those whose record is newer than what is on disk: part of the next write of it. */
  const unwritten = new Set<Hand>();
  const all = recentValues<Hand>(
    cached,
    (hand) => hand.lease !== undefined || hand.outbox !== undefined || unwritten.has(hand),
  );
  let writingAll = false;
  // Whoever was given a lease before the file was opened again must not find it holds once more.
  const opening = randomUUID().slice(0, 8);
  let taken = 0;

  function handOf({ stage, key }: Work): Hand {
    const id = idOf({ stage, key });
    const known = all.get(id);
    if (known) return known;
    const blank = { record: undefined, lease: undefined, outbox: undefined };
    const fresh = { stage, key, ...blank };
    all.set(id, fresh);
    return fresh;
  }

  function recordOf(hand: Hand): StageRecord {
    if (hand.record) return hand.record;
    const number = find(hand.key);
    const row = number === undefined ? undefined : readRecord.first(hand.stage, number);
    const body = row?.body as string | undefined;
    hand.record = body ? (JSON.parse(body) as StageRecord) : blankRecord;
    return hand.record;
  }

  /** Writes a record, and what must be written with it. */
  function recording({ stage, key }: Hand, record: StageRecord): Write[] {
    const writes: Write[] = [];
    writes.push(["record", stage, numberOf(key, writes), JSON.stringify(record)]);
    return writes;
  }

  const isHeld = ({ lease }: Hand) =>
    lease !== undefined && (lease.writes > 0 || lease.until > now());

  function take(hand: Hand, leaseMs: number): string {
    const token = `${opening}-${++taken}`;
    hand.lease = { token, until: now() + leaseMs, writes: 0 };
    return token;
  }

  /** Nobody takes a conversation over while its holder writes, however long the disk takes. */
  async function held(work: Work, token: string, step: (hand: Hand) => Promise<void>) {
    const hand = handOf(work);
    const { lease } = hand;
    if (lease?.token !== token) throw new StaleLease(`${idOf(hand)} is not held`);
    lease.writes++;
    try {
      await step(hand);
    } finally {
      lease.writes--;
    }
  }

  /** The record is on disk from now on. */
  function written(hand: Hand, record: StageRecord) {
    hand.record = record;
    unwritten.delete(hand);
  }

  /** Keeps a record in memory only; every so often all of these are written at once. */
  async function remember(hand: Hand, record: StageRecord) {
    hand.record = record;
    unwritten.add(hand);
    if (unwritten.size < lazyAtMost || writingAll) return;
    writingAll = true;
    // What its holder is writing just now is newer than this.
    const late = [...unwritten]
      .filter(({ lease }) => !lease?.writes)
      .map((hand) => ({ hand, record: recordOf(hand) }));
    try {
      await database.write(late.flatMap(({ hand, record }) => recording(hand, record)));
      for (const { hand, record } of late) if (hand.record === record) written(hand, record);
    } finally {
      writingAll = false;
    }
  }

  function drop(hand: Hand, token: string) {
    if (hand.lease?.token === token) hand.lease = undefined;
  }

  return { handOf, recordOf, recording, isHeld, take, held, written, remember, drop };
}
