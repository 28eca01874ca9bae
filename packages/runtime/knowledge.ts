import type { Event } from "@holdline/events";
import { DeadLetter } from "./errors.ts";
import type { Stage } from "./stage.ts";
import type { StageRecord } from "./state-store.ts";

/**
 * The event as this stage declared it, read as the version it asked for where it was said in an earlier
 * one; nothing, if it is a sibling this stage did not ask for.
 */
export function understood(stage: Stage, event: Event): Event | undefined {
  const asked = stage.on.filter((on) => on.type === event.type);
  if (asked.length === 0) return undefined;
  const known =
    asked.find((on) => on.version === event.version) ??
    asked.find((on) => on.version > event.version);
  if (!known) throw new DeadLetter("unknown-version");
  try {
    return known.parse(event);
  } catch (cause) {
    throw new DeadLetter("unreadable", { cause });
  }
}

/** The event in one reading, where it is just what the stage asked for; nothing, where it takes a closer look. */
export function asAsked(stage: Stage, raw: unknown): Event | undefined {
  const { type, version } = (raw ?? {}) as Partial<Event>;
  const asked = stage.on.find((on) => on.type === type && on.version === version);
  try {
    return asked?.parse(raw);
  } catch {
    return undefined;
  }
}

/** What the stage knew of the conversation before the event. */
export function stateOf({ state: knowledge }: Stage, record: StageRecord): unknown {
  if (!knowledge) return undefined;
  const kept = record.state;
  if (!kept) return knowledge.initial;
  if (kept.version === knowledge.version) return kept.value;
  if (!knowledge.upcast) throw new DeadLetter("unknown-state-version");
  return knowledge.schema.parse(knowledge.upcast(kept.value, kept.version));
}

/** What it knows after it: the state once it has heard the event and said what it said. */
export const evolved = (
  { state: knowledge }: Stage,
  state: unknown,
  heard: Event,
  said: readonly Event[],
): unknown =>
  knowledge &&
  [heard, ...said].reduce((known, event) => knowledge.evolve(known, event as never), state);
