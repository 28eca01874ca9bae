import { type Event, EventDeadLettered } from "@holdline/events";
import { DeadLetter } from "./errors.ts";

/** UTF-8 bytes an event may have, so that its dead letter still fits the 256 KB of a bus. */
export const eventBytes = 200_000;

/** An event as JSON. One that is too large is given up on by the stage that said it: `too-large`. */
export function spelt(event: Event): string {
  const json = JSON.stringify(event);
  // A character is at most three bytes: most events need no counting.
  if (json.length * 3 <= eventBytes || event.type === EventDeadLettered.type) return json;
  if (Buffer.byteLength(json) > eventBytes) throw new DeadLetter("too-large");
  return json;
}
