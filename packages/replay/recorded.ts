import { type Event, EventDeadLettered } from "@holdline/events";
import type { Stage } from "@holdline/runtime";

/** An event of a recording, and as it was written. */
export interface Recorded {
  readonly event: Event;
  readonly body: string;
}

/** How every event begins that we write ourselves; any other is read whole to learn its type. */
const beginning = /^\{"type":"([a-z-]+\.[a-z-]+)",/;

/** Reads those of a conversation's events that some stages heard or said, and leaves the others unread. */
export function recorded(
  bodies: readonly string[],
  stages: readonly Pick<Stage, "on" | "emits">[],
): readonly Recorded[] {
  const types = new Set<string>([
    ...stages.flatMap(({ on, emits }) => [...on, ...emits].map(({ type }) => type)),
    EventDeadLettered.type,
  ]);
  return bodies.flatMap((body) => {
    const type = beginning.exec(body)?.[1];
    if (type !== undefined && !types.has(type)) return [];
    return [{ event: JSON.parse(body) as Event, body }];
  });
}
