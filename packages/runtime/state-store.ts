import type { Draft, Effect, Event } from "@holdline/events";
import type { Remembered } from "./standing.ts";

/** One event in one stage's hands. */
export interface Work {
  readonly stage: string;
  readonly key: string;
  /** Where the event stands; nothing for what a door brings in, which has no place yet. */
  readonly position?: { readonly line: string; readonly seq: number };
}

/** Where a stage stands in one line (producer/topic) of one conversation. */
export interface Cursor {
  /** The next seq to be run. */
  readonly next: number;
  /** Ranges `[from, to]` that were given up waiting for; an event in one of them is late, not lost. */
  readonly passed: readonly (readonly [number, number])[];
  /** Since when the next one has been missing while a later one was here (epoch ms). */
  readonly gapSince?: number;
  /** The first of those that are here and wait for the missing one. */
  readonly waiting?: number;
  /** Failed attempts by seq. */
  readonly attempts?: Readonly<Record<number, number>>;
  readonly trouble?: Trouble;
}

/** Why an event comes again, and since when for this reason. For people: nothing is decided by it. */
export interface Trouble {
  readonly seq: number;
  readonly code: string;
  /** Epoch ms. */
  readonly since: number;
}

/** All a stage remembers of one conversation. One record, one conditional write. */
export interface StageRecord {
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Next seq by topic this stage has said. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly state?: { readonly version: number; readonly value: unknown };
}

/** A draft with a time before which nobody may hear it. It gets its place in a stream when it is due. */
export interface Delayed {
  readonly id: string;
  readonly due: string;
  readonly producer: string;
  readonly cause: string | null;
  readonly draft: Draft;
  readonly heard: Readonly<Record<string, number>>;
  readonly effects: readonly Effect[];
}

/** What a claim is made on. */
export interface ClaimTerms {
  readonly leaseMs: number;
  /** How long a missing predecessor is waited for. */
  readonly gapMs: number;
  /** The transport keeps order, so nothing is waited for. */
  readonly ordered?: boolean;
}

/** Whether an event is next in its conversation and the conversation is free. */
export type Claim =
  | {
      readonly claim: "mine";
      /** Proof of the lease; a commit with an old one is refused. */
      readonly token: string;
      readonly attempt: number;
      /** It comes after it had been given up on. */
      readonly late: boolean;
      /** How many predecessors were given up on just now. */
      readonly gap: number;
      readonly record: StageRecord;
    }
  /** It was run before. */
  | { readonly claim: "seen" }
  /** Somebody holds this conversation, or a predecessor has not been here yet. */
  | { readonly claim: "wait"; readonly why: "held" | "early"; readonly sinceMs: number }
  /** A commit was not published to its end: publish `events`, clear, and claim again. */
  | { readonly claim: "outbox"; readonly token: string; readonly events: readonly Event[] };

/** What an event came to: one write. */
export interface Commit {
  readonly record: StageRecord;
  readonly publish: readonly Event[];
  readonly delay: readonly Delayed[];
  /** Ids that must never be let in again: marks of a door. */
  readonly seen: readonly string[];
  /** Effect tokens whose marks are no longer needed, now that the cursor has moved. */
  readonly forget: readonly string[];
  /**
   * The stage said, did and learned nothing. A store may keep such a commit in memory until the next
   * one of the same record, which must then hold it too; it may as well write it at once.
   */
  readonly lazily?: boolean;
}

/** The durable mark of an effect: begun, or done with an outcome. */
export type Mark =
  | { readonly begunAt: number; readonly times: number }
  | { readonly outcome: unknown };

/** The lease was lost: somebody else may have run the event meanwhile. */
export class StaleLease extends Error {
  override readonly name = "StaleLease";
}

/**
 * What the runtime remembers. One implementation per place to remember it.
 *
 * Every method is one atomic step and resolves only when it would survive a crash. `claim` is the
 * only lock in the system: it settles at once whether this event is next in its conversation,
 * whether it was run before, and whether anybody else has the conversation in hand. The rules are
 * `turnOf` in `record.ts`; an implementation adds atomicity, not judgement.
 */
export interface StateStore {
  readonly name: string;
  claim(work: Work, terms: ClaimTerms): Promise<Claim>;
  /** Moves on: stores the record, keeps `publish` as outbox. Throws `StaleLease` on an old token. */
  commit(work: Work, token: string, commit: Commit): Promise<void>;
  /** The outbox is published: forget it and give the lease back. */
  clear(work: Work, token: string): Promise<void>;
  /** Gives the lease back without moving on; `record`, where there is one, is what to remember of the attempt. */
  release(work: Work, token: string, record?: StageRecord): Promise<void>;
  /** The record as of the last commit, whoever has the conversation in hand; takes nothing and holds up nobody. */
  peek(work: Work): Promise<StageRecord>;

  mark(token: string): Promise<Mark | undefined>;
  /**
   * Marks an effect as begun; `times` is one more than how often nobody was sure what came of it, 0
   * takes the mark back. Throws `StaleLease` on an old lease: a zombie begins nothing.
   */
  begin(work: Work, lease: string, token: string, times: number): Promise<void>;
  done(work: Work, lease: string, token: string, outcome: unknown): Promise<void>;

  /** Whether a door has let this id in before. */
  isSeen(id: string): Promise<boolean>;

  /** Delayed drafts whose time has come, oldest first. */
  due(now: string, limit: number): Promise<readonly Delayed[]>;
  /** A delayed draft was published. */
  dropDelayed(id: string): Promise<void>;

  /**
   * Takes `cost` from a token bucket shared by all processes. Answers 0 when taken, else the
   * milliseconds to wait. Who waits with a better (lower) `priority` goes first.
   */
  take(limit: Limit, cost: number, priority: number): Promise<number>;

  /** A small named value kept for an adapter (contact credentials); encrypted at rest where the place can. */
  keep(name: string, value: string): Promise<void>;
  kept(name: string): Promise<string | undefined>;
  forget(name: string): Promise<void>;
  keptUnder(prefix: string): Promise<readonly { readonly name: string; readonly value: string }[]>;

  /** Where these stages stand in a conversation: for `holdline why`. Changes nothing. */
  remembered(key: string, stages: readonly string[]): Promise<Remembered>;
}

/** A quota: so many a second, so many at once. */
export interface Limit {
  readonly name: string;
  readonly perSecond: number;
  readonly burst: number;
}
