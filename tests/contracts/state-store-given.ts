import { EventDeadLettered } from "@holdline/events";
import { advanced, type Claim, type Commit, type StateStore } from "@holdline/runtime";
import { expect } from "vitest";
import { arriving } from "../support/make.ts";

/** A store under test, told the time by the test. */
export interface OpenedStore {
  readonly store: StateStore;
  readonly clock: { now: number };
  /** Why there is no outbox, for a store whose commit publishes by itself. */
  readonly noOutbox?: string;
  /** Why it cannot list the effects that were begun. */
  readonly noList?: string;
}

/** A claim that was won. */
export type Mine = Extract<Claim, { claim: "mine" }>;

/** The terms every claim of the contract is made on. */
export const terms = { leaseMs: 1_000, gapMs: 5_000 };
/** A commit that says nothing. */
export const nothing: Omit<Commit, "record"> = { publish: [], delay: [], seen: [], forget: [] };

/** The `seq`-th event of a line, in the hands of `classify`. */
export const workAt = (seq: number, { line = "ingest/message", key = "c-1" } = {}) => ({
  stage: "classify",
  key,
  position: { line, seq },
});

/** Something `classify` said. */
export const told = (seq: number) =>
  arriving(
    EventDeadLettered({ conversationId: "c-1", stage: "s", code: "c", stack: null, event: seq }),
    {
      position: { stream: "classify/event/c-1", seq },
    },
  );

/** Claims what is known to be free. */
export async function mine(store: StateStore, work: ReturnType<typeof workAt>): Promise<Mine> {
  const claim = await store.claim(work, terms);
  expect(claim.claim).toBe("mine");
  return claim as Mine;
}

/** Runs one event to its end. */
export async function run(
  store: StateStore,
  work: ReturnType<typeof workAt>,
  also: Partial<Commit> = {},
) {
  const { token, record } = await mine(store, work);
  await store.commit(work, token, { ...nothing, record: advanced(record, work.position), ...also });
  await store.clear(work, token);
}
