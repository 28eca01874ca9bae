import { type Draft, type Event, topicOf } from "@holdline/events";
import { derivedId } from "./ids.ts";
import type { PublishCommit } from "./publish-commit.ts";
import type { StateStore } from "./state-store.ts";
import { timeOf } from "./time.ts";

/** What an event may bring along that was born elsewhere: a delayed draft, a redriven dead letter. */
export interface Origin {
  readonly id?: string;
  readonly time?: string;
  readonly cause?: string | null;
  readonly heard?: Event["heard"];
  readonly effects?: Event["effects"];
  readonly only?: string;
  /** The middle of the stream's name; the event's topic when absent. */
  readonly lane?: string;
}

/**
 * How a first event is born: something outside (a carrier, Connect, a flow, the clock) happened.
 *
 * `admit` resolves once the event is durable. The same `id` from the same producer is let in once,
 * whatever happens between; the answer tells whether it was new. Drafts of one key are numbered in
 * the order they are admitted.
 */
export interface Ingress {
  admit(producer: string, id: string, draft: Draft, origin?: Origin): Promise<"new" | "seen">;
}

/** The ingress over a state store; one conversation's events are admitted one after the other. */
export function ingress(
  store: StateStore,
  commit: PublishCommit,
  { now, leaseMs = 15_000 }: { now: () => Date; leaseMs?: number },
): Ingress {
  const turns = new Map<string, Promise<unknown>>();

  async function admit(producer: string, id: string, draft: Draft, origin: Origin) {
    const mark = `${producer}/${id}`;
    const work = { stage: producer, key: draft.key };
    // First of all this publishes what an earlier admission committed and left behind: only then may
    // the door forget what it has in hand.
    const claim = await claimed(work);
    try {
      if (await store.isSeen(mark)) {
        await store.release(work, claim.token);
        return "seen";
      }
      const lane = origin.lane ?? topicOf(draft.type);
      const seq = claim.record.outputs[lane] ?? 0;
      const event: Event = {
        // With its `notBefore`, which is over: a history shows what was wanted, and when.
        ...draft,
        id: origin.id ?? derivedId(mark),
        time: origin.time ?? timeOf(now()),
        cause: origin.cause ?? null,
        position: { stream: `${producer}/${lane}/${draft.key}`, seq },
        heard: origin.heard ?? {},
        effects: origin.effects ?? [],
        ...(origin.only !== undefined && { only: origin.only }),
        replay: false,
      };
      const outputs = { ...claim.record.outputs, [lane]: seq + 1 };
      await commit.commit(work, claim.token, {
        record: { ...claim.record, outputs },
        publish: [event],
        delay: [],
        seen: [mark],
        forget: [],
      });
      return "new";
    } catch (error) {
      await store.release(work, claim.token).catch(() => {});
      throw error;
    }
  }

  async function claimed(work: { stage: string; key: string }) {
    for (let tries = 0; ; tries++) {
      const claim = await store.claim(work, { leaseMs, gapMs: 0 });
      if (claim.claim === "mine") return claim;
      if (claim.claim === "outbox") await commit.finish(work, claim.token, claim.events);
      else await new Promise((wake) => setTimeout(wake, Math.min(1_000, 10 * 2 ** tries)));
    }
  }

  return {
    async admit(producer, id, draft, origin = {}) {
      const turn = `${producer}/${draft.key}`;
      const before = turns.get(turn);
      const mine = (before ?? Promise.resolve()).then(
        () => admit(producer, id, draft, origin),
        () => admit(producer, id, draft, origin),
      );
      turns.set(turn, mine);
      try {
        return (await mine) as "new" | "seen";
      } finally {
        if (turns.get(turn) === mine) turns.delete(turn);
      }
    },
  };
}
