import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { Event } from "@holdline/events";
import { source } from "./pattern.ts";

/** An event as PutEvents takes it, and what it counts for against the request's limit. */
export interface Entry {
  readonly entry: PutEventsRequestEntry;
  readonly bytes: number;
}

/** Time counts for 14 bytes, the strings for their UTF-8 (EventBridge user guide, "Calculating PutEvents event entry size"). */
export function entryOf(event: Event, busName: string): Entry {
  const detail = JSON.stringify(event);
  const bytes =
    14 + Buffer.byteLength(source) + Buffer.byteLength(event.type) + Buffer.byteLength(detail);
  return {
    bytes,
    entry: {
      EventBusName: busName,
      Source: source,
      DetailType: event.type,
      Detail: detail,
      Time: new Date(event.time),
    },
  };
}

/**
 * The event in a message that a rule has put on a queue.
 *
 * What an archive replays bears `replay-name` beside `detail`, and is marked. What cannot be read is
 * handed on as it came: the runtime puts it aside.
 */
export function eventFrom(body: string): unknown {
  let envelope: { readonly detail?: unknown; readonly "replay-name"?: unknown } | null;
  try {
    envelope = JSON.parse(body);
  } catch {
    return body;
  }
  const detail = envelope?.detail;
  if (typeof detail !== "object" || detail === null) return envelope ?? body;
  return envelope?.["replay-name"] === undefined ? detail : { ...detail, replay: true };
}
