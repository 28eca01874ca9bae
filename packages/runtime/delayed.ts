import { setTimeout as sleep } from "node:timers/promises";
import type { Ingress } from "./ingress.ts";
import type { Delayed, StateStore } from "./state-store.ts";

interface Terms {
  readonly now: () => Date;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /**
   * Told of what went wrong; it is tried again after `everyMs`, and holds up its own conversation only.
   * Without it, going wrong is the end.
   */
  readonly failed?: (error: unknown) => void;
}

/**
 * Publishes delayed drafts when they are due, until `signal` aborts.
 *
 * A due draft enters as its own producer (`later.<stage>`), since its place in the stage's stream was
 * not known when it was drafted. Dropping it after admitting makes a crash between the two harmless.
 */
export async function publishDue(
  store: StateStore,
  door: Ingress,
  { now, everyMs, signal, failed }: Terms,
): Promise<void> {
  while (!signal.aborted) {
    const published = await publishBatch().catch((error) => {
      if (!failed) throw error;
      failed(error);
      return 0;
    });
    if (published === 0) await sleep(everyMs, undefined, { signal }).catch(() => {});
  }

  async function publishBatch(): Promise<number> {
    const heldUp = new Set<string>();
    let published = 0;
    for (const delayed of await store.due(now().toISOString(), 500)) {
      const { key } = delayed.draft;
      if (heldUp.has(key)) continue;
      try {
        await publish(delayed);
        published++;
      } catch (error) {
        if (!failed) throw error;
        failed(error);
        heldUp.add(key);
      }
    }
    return published;
  }

  async function publish({ id, due, producer, draft, cause, heard, effects }: Delayed) {
    const delayed = { ...draft, notBefore: due };
    await door.admit(`later.${producer}`, id, delayed, { id, cause, heard, effects });
    await store.dropDelayed(id);
  }
}
