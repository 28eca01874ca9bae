import type { Refusal } from "../channel.ts";
import { type Reading, readingOfBreak, throttled } from "../verdict.ts";
import { exceptions, fields, reasons } from "./wire.ts";

/** What the SDK throws, as far as we look: an exception of the service's, or of the network's. */
interface Thrown {
  readonly name?: string;
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string | undefined }[];
  readonly $metadata?: { readonly httpStatusCode?: number | undefined };
}

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
  if (status === 429) return throttled;
  if (status !== undefined && status >= 400 && status < 500) return { refused: "misconfigured" };
  if (status !== undefined) return { unsure: "carrier-failed" };
  return readingOfBreak(error);
}
