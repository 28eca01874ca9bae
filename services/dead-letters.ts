import { type Event, EventDeadLettered } from "@holdline/events";

/** A dead letter in a line: enough to choose by, and nothing of what was said in it. */
export interface ListedLetter {
  readonly id: string;
  readonly time: string;
  readonly key: string;
  readonly stage: string;
  readonly code: string;
  readonly type: string;
}

/** A dead letter as a list shows it. */
export function listed(letter: Event): ListedLetter {
  const { stage, code, event } = EventDeadLettered.parse(letter).data;
  const type = (event as Partial<Event> | null)?.type ?? "unreadable";
  return { id: letter.id, time: letter.time, key: letter.key, stage, code, type };
}
