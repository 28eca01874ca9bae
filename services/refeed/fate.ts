import { type Event, EventDeadLettered, InboundArrived } from "@holdline/events";
import { derivedId } from "@holdline/runtime";

/** What may be refed: what came through a door, and what a stage gave up on. Everything else is said by a stage. */
export const refeedable: readonly string[] = [InboundArrived.type, EventDeadLettered.type];

/** Who hears what comes through the door. */
const firstStage = "ingest";

/** The event in a dead letter, where there is a readable one. */
export function deadIn(
  letter: Event,
): { readonly stage: string; readonly code: string; readonly event: Event } | undefined {
  const read = EventDeadLettered.schema.safeParse(letter.data).data;
  const event = read?.event as Partial<Event> | null | undefined;
  const isEvent = typeof event?.id === "string" && typeof event.position?.stream === "string";
  return read && isEvent
    ? { stage: read.stage, code: read.code, event: event as Event }
    : undefined;
}

/**
 * Why an event of a conversation is not to be run again, as far as its history shows: it was run, or is in
 * somebody's hands. Nothing, where it was not. `conversation` is oldest first.
 */
export function fate(event: Event, conversation: readonly Event[]): string | undefined {
  if (event.type === InboundArrived.type) return fateOfArrived(event, conversation);
  const dead = deadIn(event);
  if (!dead) return "the letter holds no readable event";
  const { stage, event: inner } = dead;
  const said = conversation.find((other) => isSaidOf(other, inner.id, stage));
  if (said) return `it was run since: ${said.type}`;
  const at = conversation.findIndex(({ id }) => id === event.id);
  const redriven = conversation
    .slice(at + 1)
    .some(({ id, only }) => id === inner.id && only === stage);
  return redriven ? "it was redriven already" : undefined;
}

function fateOfArrived({ id, position }: Event, conversation: readonly Event[]) {
  const said = conversation.find((other) => isSaidOf(other, id, firstStage));
  if (said) return `it was run: ${said.type}`;
  const cause = derivedId(id, position.stream, position.seq);
  const letter = derivedId(cause, firstStage, EventDeadLettered.type, 0);
  return conversation.some(({ id }) => id === letter)
    ? "it was given up on: its dead letter is what can be refed"
    : undefined;
}

const isSaidOf = ({ cause, type, position }: Event, id: string, stage: string): boolean =>
  cause === id &&
  type !== EventDeadLettered.type &&
  [`${stage}/`, `later.${stage}/`].some((speaker) => position.stream.startsWith(speaker));
