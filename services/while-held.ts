import { setTimeout as sleep } from "node:timers/promises";
import type { Leases } from "./shared-state.ts";

interface Held {
  readonly leases: Pick<Leases, "hold" | "release">;
  readonly name: string;
  /** How often it is looked whether the name is still ours, or has come to be. */
  readonly everyMs: number;
  /** Told what went wrong; it is looked again after `everyMs`. */
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/**
 * Does what one process at a time should do, for as long as this one holds the name; others stand by.
 *
 * `work` ends when its signal aborts, and begins anew when the name comes back. Rejects when `work` does.
 */
export async function whileHeld(
  { leases, name, everyMs, failed, signal }: Held,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const ours = () =>
    leases.hold(name).catch((error) => {
      failed(error);
      return false;
    });
  while (!signal.aborted) {
    if (await ours()) {
      const lost = new AbortController();
      const working = work(AbortSignal.any([signal, lost.signal]));
      const over = working.then(() => true);
      const looking = async () => {
        while (!signal.aborted && (await ours()))
          await sleep(everyMs, undefined, { signal }).catch(() => {});
        lost.abort();
      };
      await Promise.race([over, looking()]);
      lost.abort();
      await working;
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  await leases.release(name).catch(failed);
}
