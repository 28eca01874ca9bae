import { setTimeout as sleep } from "node:timers/promises";
import type { Ingress } from "./ingress.ts";
import type { StateStore } from "./state-store.ts";

interface Terms {
  readonly now: () => Date;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Told of what went wrong; it is tried again after `everyMs`. Without it, going wrong is the end. */
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
    const due = await store.due(now().toISOString(), 500);
    for (const { id, due: notBefore, producer, draft, cause, heard, effects } of due) {
      const delayed = { ...draft, notBefore };
      await door.admit(`later.${producer}`, id, delayed, { id, cause, heard, effects });
      await store.dropDelayed(id);
    }
    return due.length;
  }
}
