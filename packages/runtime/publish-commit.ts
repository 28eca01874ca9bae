import type { Event } from "@holdline/events";
import { spelt } from "./event-size.ts";
import type { Commit, StateStore, Work } from "./state-store.ts";
import type { Transport } from "./transport.ts";

/** How a commit becomes durable and heard. Two ways: a store and a transport in turn, or one transaction. */
export interface PublishCommit {
  /** Resolves when the record is stored, the events are published and the lease is given back. */
  commit(work: Work, token: string, commit: Commit): Promise<void>;
  /** Publishes what an earlier holder committed and left behind. */
  finish(work: Work, token: string, events: readonly Event[]): Promise<void>;
}

/** The commit stands, and only its publishing failed: it is in the outbox, for whoever claims next. */
export class Unpublished extends Error {
  override readonly name = "Unpublished";
}

/**
 * Commit, then publish, then clear the outbox: for a store and a transport that know nothing of each other.
 *
 * The order is what makes a crash harmless. After the commit the decision stands and can only be
 * published again; publishing before it would let a re-run decide differently about what was heard.
 */
export function commitThenPublish(
  store: StateStore,
  transport: Pick<Transport, "publish">,
): PublishCommit {
  const finish: PublishCommit["finish"] = async (work, token, events) => {
    try {
      if (events.length > 0) await transport.publish(events);
      await store.clear(work, token);
    } catch (cause) {
      await store.release(work, token).catch(() => {});
      throw new Unpublished("committed, and not yet published", { cause });
    }
  };
  return {
    async commit(work, token, commit) {
      for (const event of commit.publish) spelt(event);
      await store.commit(work, token, commit);
      await finish(work, token, commit.publish);
    },
    finish,
  };
}

/** For a store whose commit publishes by itself, in the same transaction. */
export const commitIsPublish = (store: StateStore): PublishCommit => ({
  commit: (work, token, commit) => store.commit(work, token, commit),
  finish: (work, token) => store.clear(work, token),
});
