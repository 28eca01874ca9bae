import { type Draft, type Event, EventDeadLettered, topicOf } from "@holdline/events";
import { derivedId } from "./ids.ts";
import type { Delayed } from "./state-store.ts";

/** What of a run is written on everything it says. */
export interface Saying {
  readonly time: string;
  /** Next seq by topic the stage has said. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly heard: Event["heard"];
  readonly effects: Event["effects"];
}

/** Numbers, names and dates what a stage said. Delayed drafts get their number when they are due. */
export function spoken(
  speaker: string,
  cause: Pick<Event, "id" | "key">,
  drafts: readonly Draft[],
  { time, outputs: before, heard, effects }: Saying,
) {
  const outputs: Record<string, number> = { ...before };
  const publish: Event[] = [];
  const delay: Delayed[] = [];
  for (const [index, { notBefore, ...draft }] of drafts.entries()) {
    if (draft.key !== cause.key) throw new Error(`${speaker} spoke about another conversation`);
    const id = derivedId(cause.id, speaker, draft.type, index);
    const said = { cause: cause.id, heard, effects };
    if (notBefore !== undefined && notBefore > time) {
      delay.push({ id, due: notBefore, producer: speaker, draft, ...said });
      continue;
    }
    const topic = topicOf(draft.type);
    const seq = outputs[topic] ?? 0;
    outputs[topic] = seq + 1;
    const position = { stream: `${speaker}/${topic}/${cause.key}`, seq };
    publish.push({ ...draft, id, time, position, replay: false, ...said });
  }
  return { outputs, publish, delay };
}

/** Why a stage gave up on an event, and what to put aside. */
export interface GivenUp {
  readonly code: string;
  readonly stack: string | null;
  /** The event as it came; whatever it was, when it is not readable. */
  readonly whole: unknown;
}

/**
 * What a stage says of an event it gives up on. Its id comes of the event's place too: one that is redriven
 * and given up on again is another letter.
 */
export function spokenOfGivenUp(
  speaker: string,
  event: Event,
  { code, stack, whole }: GivenUp,
  saying: Omit<Saying, "effects">,
) {
  const { stream, seq } = event.position;
  const cause = { key: event.key, id: derivedId(event.id, stream, seq) };
  const about = { conversationId: event.key, stage: speaker, code, stack, event: whole };
  const said = spoken(speaker, cause, [EventDeadLettered(about)], { ...saying, effects: [] });
  return { ...said, publish: said.publish.map((dead) => ({ ...dead, cause: event.id })) };
}
