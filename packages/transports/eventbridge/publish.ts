import { setTimeout as sleep } from "node:timers/promises";
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Event } from "@holdline/events";
import { type Entry, entryOf } from "./envelope.ts";

export interface PublisherOptions {
  readonly client: EventBridgeClient;
  readonly busName: string;
  /** What one request may hold; AWS's own pages say 256 KB and 1 MB, so the smaller. */
  readonly requestBytes?: number;
  /** Tries at an entry that EventBridge says it could not take just now. */
  readonly attempts?: number;
  /** The first pause between tries; it doubles, with jitter. */
  readonly backoffMs?: number;
}

/** Entries a request may hold (PutEvents, API reference). */
const requestEntries = 10;
/** Refusals of one entry that another try may undo (PutEvents, "PutEventsResultEntry"). */
const passing = new Set(["InternalFailure", "InternalException", "ThrottlingException"]);

/** EventBridge does not have some of the events, and says why. */
export class NotPublished extends Error {
  override readonly name = "NotPublished";
}

/**
 * Publishes in full requests, by count and by bytes, in order; entries that were refused for the
 * moment are sent again, those alone.
 *
 * Rejects with `NotPublished` when an entry is too large or refused for good, and with the client's
 * error when a whole request fails. Requests that fail as a whole are retried by the client itself.
 */
export function publisher({
  client,
  busName,
  requestBytes = 256 * 1_024,
  attempts = 6,
  backoffMs = 100,
}: PublisherOptions) {
  return async (events: readonly Event[]): Promise<void> => {
    const entries = events.map((event) => entryOf(event, busName));
    const large = entries.find(({ bytes }) => bytes > requestBytes);
    if (large)
      throw new NotPublished(
        `${large.entry.DetailType} has ${large.bytes} bytes; EventBridge takes at most ${requestBytes}`,
      );
    for (const request of requests(entries, requestBytes)) await put(request);
  };

  async function put(request: readonly Entry[]): Promise<void> {
    let left = request;
    for (let attempt = 1; left.length > 0; attempt++) {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: left.map(({ entry }) => entry) }),
      );
      // Same length and order as the request. An answer without an id is an entry that was not taken.
      const codes = left.map((_, at) =>
        Entries[at]?.EventId ? undefined : (Entries[at]?.ErrorCode ?? "NoAnswer"),
      );
      const hopeless = codes.find((code) => code !== undefined && !passing.has(code));
      if (hopeless && hopeless !== "NoAnswer")
        throw new NotPublished(`EventBridge refused an event: ${hopeless}`);
      left = left.filter((_, at) => codes[at] !== undefined);
      if (left.length === 0) return;
      if (attempt >= attempts)
        throw new NotPublished(
          `EventBridge did not take ${left.length} events in ${attempt} attempts: ${codes.find(Boolean)}`,
        );
      await sleep(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}

function* requests(entries: readonly Entry[], requestBytes: number): Generator<readonly Entry[]> {
  let request: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (request.length === requestEntries || bytes + entry.bytes > requestBytes) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(entry);
    bytes += entry.bytes;
  }
  if (request.length > 0) yield request;
}
