import { Retry, Unsure } from "@holdline/runtime";
import type { Refusal, Sent } from "../channel.ts";
import { exceptions, fields, type Reading, reasons } from "./wire.ts";

/** What the SDK throws, as far as we look: an exception of the service's, or of the network's. */
interface Thrown {
  readonly name?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string | undefined }[];
  readonly $metadata?: { readonly httpStatusCode?: number | undefined };
}

/** The connection was never made, so nothing was sent. Anything else of the network's leaves doubt. */
const unconnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

const refusalIn = (thrown: Thrown): Refusal | undefined =>
  reasons[thrown.Reason ?? ""] ??
  thrown.Fields?.map(({ Name }) => fields[Name?.toLowerCase() ?? ""]).find((found) => found);

/** Reads a failed request: by the exception's reason, its name, its HTTP status, and the network's code. */
export function readingOf(error: unknown): Reading {
  const thrown = (error ?? {}) as Thrown;
  const refused = refusalIn(thrown);
  if (refused) return { refused };
  const named = exceptions[thrown.name ?? ""];
  if (named) return named;
  const status = thrown.$metadata?.httpStatusCode;
  if (status === 429) return { retry: "carrier-throttled", counts: false };
  if (status !== undefined && status >= 400 && status < 500) return { refused: "misconfigured" };
  if (status !== undefined) return { unsure: "carrier-failed" };
  if (unconnected.has(thrown.code ?? "") || thrown.syscall === "connect")
    return { retry: "carrier-unreachable", counts: true };
  return { unsure: "carrier-silent" };
}

/** Turns a reading into what `send` owes: a refusal as an answer, the rest as an error. */
export function settle(reading: Reading, cause?: unknown): Sent {
  if ("refused" in reading) return { accepted: false, reason: reading.refused };
  if ("retry" in reading) throw new Retry(reading.retry, { counts: reading.counts, cause });
  throw new Unsure(reading.unsure, { cause });
}
