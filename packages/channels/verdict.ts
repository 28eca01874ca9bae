import { Retry, Unsure } from "@holdline/runtime";
import type { Refusal, Sent } from "./channel.ts";

/** How an answer of a carrier's is taken: refused for good, surely not done, or nobody knows. */
export type Reading =
  | { readonly refused: Refusal }
  | { readonly retry: string; readonly counts: boolean }
  | { readonly unsure: string };

/** A carrier that wants fewer requests: the text did not leave, and waiting is no failure. */
export const throttled = { retry: "carrier-throttled", counts: false } as const;

/** The connection was never made, so nothing was sent. Anything else of the network's leaves doubt. */
const unconnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Reads what the network threw, whichever client wrapped it. */
export function readingOfBreak(error: unknown): Reading {
  const { code = "", syscall, cause } = (error ?? {}) as NodeJS.ErrnoException;
  if (unconnected.has(code) || syscall === "connect")
    return { retry: "carrier-unreachable", counts: true };
  return cause ? readingOfBreak(cause) : { unsure: "carrier-silent" };
}

/** Turns a reading into what `send` owes: a refusal as an answer, the rest as an error. */
export function settle(reading: Reading, cause?: unknown): Sent {
  if ("refused" in reading) return { accepted: false, reason: reading.refused };
  if ("retry" in reading) throw new Retry(reading.retry, { counts: reading.counts, cause });
  throw new Unsure(reading.unsure, { cause });
}
