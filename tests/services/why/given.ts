import type { Draft, Event } from "@holdline/events";
import { derivedId, type Stage, type StageStanding, type Standing } from "@holdline/runtime";
import { pipeline } from "../../../services/pipeline.ts";
import { meanings } from "../../../services/why/codes.ts";
import { look, type Sight } from "../../../services/why/look.ts";
import { arriving } from "../../support/make.ts";

export const stages = pipeline as unknown as readonly Stage[];
const start = Date.parse("2026-01-01T12:00:00.000Z");

/** A history told event by event: who said what, on account of which event before. */
export function history() {
  const events: Event[] = [];
  const seqs = new Map<string, number>();
  return {
    events,
    /** Says the next event, a second after the last one. */
    said(by: string, draft: Draft, cause: Event | null = null, known: Partial<Event> = {}): Event {
      const stream = known.position?.stream ?? `${by}/${draft.type.split(".")[0]}/${draft.key}`;
      const seq = seqs.get(stream) ?? 0;
      seqs.set(stream, seq + 1);
      const event = arriving(draft, {
        id: derivedId(stream, seq),
        time: new Date(start + events.length * 1_000).toISOString(),
        cause: cause?.id ?? null,
        ...known,
        position: { stream, seq },
      });
      events.push(event);
      return event;
    },
  };
}

/** A stage that has heard nothing and has nothing in hand, but for what is given. */
export const stands = (given: Partial<StageStanding> = {}): StageStanding => ({
  ...{ cursors: {}, heldUntil: null, leftBehind: 0, begun: [] },
  ...given,
});

/** Where the stages stand: all at the end, but for those that are given. */
export function standing(
  events: readonly Event[],
  given: Readonly<Record<string, StageStanding>> = {},
  delayed: Standing["delayed"] = [],
): Standing {
  const done = stands({ leftBehind: events.length });
  return {
    delayed,
    stages: Object.fromEntries(stages.map(({ name }) => [name, given[name] ?? done])),
  };
}

/** What `why` makes of events; with everything run, unless the test says otherwise. */
export const seen = (events: readonly Event[], given: Partial<Sight> = {}) =>
  look({
    ...{ conversation: "c-1", events, stages, redact: false },
    seen: "standing" in given && !given.standing ? "history" : "running",
    ...{ standing: standing(events), meanings: meanings(), ...given },
    now: new Date(start + 60_000),
  });
