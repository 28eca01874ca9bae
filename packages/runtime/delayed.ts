import { setTimeout as sleep } from "node:timers/promises";
import type { Ingress } from "./ingress.ts";
import type { StateStore } from "./state-store.ts";

/**
 * Publishes delayed drafts when they are due, until `signal` aborts.
 *
 * A due draft enters as its own producer (`later.<stage>`), since its place in the stage's stream was
 * not known when it was drafted. Dropping it after admitting makes a crash between the two harmless.
 */
export async function publishDue(
  store: StateStore,
  door: Ingress,
  { now, everyMs, signal }: { now: () => Date; everyMs: number; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const due = await store.due(now().toISOString(), 500);
    for (const { id, producer, draft, cause, heard, effects } of due) {
      await door.admit(`later.${producer}`, id, draft, { id, cause, heard, effects });
      await store.dropDelayed(id);
    }
    if (due.length === 0) await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
