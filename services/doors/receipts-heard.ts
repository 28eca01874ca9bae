import type { StateStore } from "@holdline/runtime";
import type { Log } from "../log.ts";

const everyMs = 1_000;
const name = "receipts-heard/until";

/**
 * Up to which time the carrier's receipts have been read, known to all processes: one of them reads them, and
 * those that send must know before they take silence for an answer.
 */
export function receiptsHeard(store: Pick<StateStore, "keep" | "kept">, log: Log) {
  let known = 0;
  let untold = 0;
  const timer = setInterval(async () => {
    try {
      if (untold > known) await store.keep(name, String(untold));
      known = Math.max(known, untold, Number((await store.kept(name)) ?? 0));
    } catch (error) {
      log.warn(
        { error: error instanceof Error ? error.name : "unknown" },
        "could not share how far receipts have been read",
      );
    }
  }, everyMs);
  return {
    /** For those that send. */
    until: () => known,
    /** For whoever reads them. */
    tell(until: number) {
      untold = Math.max(untold, until);
    },
    stop: () => clearInterval(timer),
  };
}
