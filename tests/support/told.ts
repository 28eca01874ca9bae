import type { Draft, Event, EventType } from "@holdline/events";
import { derivedId, type Once, type Stage } from "@holdline/runtime";
import { arriving } from "./make.ts";
import { plain } from "./plain.ts";

/** What a stage came to: its state, and what it said on the last event it was told. */
export interface Told<State> {
  readonly state: State;
  readonly said: readonly Draft[];
  /** All it said, from the first event on. */
  readonly everything: readonly Draft[];
}

/** Every effect happens, once, with a token that can be told. */
export const onceEach: Once = (name, effect) =>
  effect(`token/${name}`, new AbortController().signal);

/**
 * Tells a stage one fact after the other, a second apart, through its real `run` and `evolve`.
 *
 * As in the runtime, what it says at once it also remembers; what it says for later it does not.
 */
export async function told<State>(
  // biome-ignore lint/suspicious/noExplicitAny: any stage, whatever it hears and asks for.
  stage: Stage<any, any, any, State>,
  ports: object,
  ...facts: readonly (Draft | Event)[]
): Promise<Told<State>> {
  const knowledge = stage.state;
  let state = knowledge?.initial as State;
  let said: readonly Draft[] = [];
  const everything: Draft[] = [];
  for (const [nth, fact] of facts.entries()) {
    const event = eventOf(fact, nth, stage.on);
    said = await stage.run(event, { once: onceEach, ...ports, state });
    everything.push(...said);
    const now = said.filter(({ notBefore }) => notBefore === undefined || notBefore <= event.time);
    const born = now.map((draft, index) => ({
      ...arriving(draft, { time: event.time, cause: event.id }),
      id: derivedId(event.id, stage.name, draft.type, index),
    }));
    for (const one of [event, ...born]) state = plain(knowledge?.evolve(state, one) ?? state);
  }
  return { state, said, everything };
}

/** The `nth` fact as the event that arrives, parsed as the stage declared it. */
function eventOf(fact: Draft | Event, nth: number, on: readonly EventType[]): Event {
  const time = new Date(Date.UTC(2026, 0, 1, 12, 0, nth)).toISOString();
  const position = { stream: `test/story/${fact.key}`, seq: nth };
  const { notBefore: _, ...now } = fact;
  const event = "position" in fact ? fact : arriving(now, { time, position, id: `e-${nth}` });
  const declared = on.find(({ type }) => type === event.type);
  if (!declared) throw new Error(`the stage does not hear ${event.type}`);
  return declared.parse(event);
}
