import { Envelope, type Event, EventDeadLettered } from "@holdline/events";
import type { Ingress } from "./ingress.ts";

/**
 * Sends a dead-lettered event again to the stage that gave up on it, and to nobody else.
 *
 * It keeps its id, so effects that did happen the first time are remembered and what it says is named
 * as it would have been. Redriving the same dead letter twice is the same as once.
 */
export async function redrive(door: Ingress, letter: Event): Promise<"new" | "seen"> {
  const { stage, event } = EventDeadLettered.parse(letter).data;
  const readable = Envelope.safeParse(event);
  if (!readable.success)
    throw new Error(
      "this dead letter holds no readable event; repair the sender and let it send again",
    );
  const { id, cause, heard, effects, position, only: _, ...rest } = readable.data as Event;
  const origin = { id, cause, heard, effects, only: stage, lane: stage };
  return door.admit("redrive", `${letter.id}`, rest, origin);
}
