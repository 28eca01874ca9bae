import type { Draft, Event } from "@holdline/events";
import { topicOf } from "@holdline/events";
import { derivedId } from "@holdline/runtime";

/** An event as it would arrive, from a draft and whatever the test cares about. The same place has the same id. */
export function arriving<D extends Draft>(draft: D, known: Partial<Event> = {}) {
  const stream = `test/${topicOf(draft.type)}/${draft.key}`;
  const position = known.position ?? { stream, seq: 0 };
  return {
    id: derivedId("arriving", position.stream, position.seq),
    time: "2026-01-01T00:00:00.000Z",
    cause: null,
    position,
    heard: {},
    effects: [],
    replay: false,
    ...draft,
    ...known,
  };
}

/** The place of the `seq`-th event of a conversation's stream. */
export const at = (seq: number, stream = "test/message/c-1") => ({ position: { stream, seq } });
