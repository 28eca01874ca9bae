import { type Event, EventDeadLettered, topicOf } from "@holdline/events";
import {
  DeadLetter,
  evolved,
  type Once,
  Retry,
  type Stage,
  spelt,
  spoken,
  spokenOfGivenUp,
  understood,
} from "@holdline/runtime";
import { type Change, changes, type Said } from "./compare.ts";
import { NotRecorded } from "./out-of-reach.ts";
import type { Recorded } from "./recorded.ts";
import { type Scheduled, scheduled } from "./schedule.ts";
import { madeInOrder } from "./some-order.ts";

/** What came of running today's code over what a stage heard then. */
export interface Run {
  readonly stage: string;
  readonly heard: Event;
  /**
   * `unfinished`: the recording ended before the run, or what it said, was in it. `unknown`: the recording
   * does not say what the world answered, or has not the beginning of the conversation.
   */
  readonly verdict: "equal" | "differs" | "unfinished" | "unknown";
  /** Why it is unknown, or what the run wants that it did not want then. */
  readonly missing?: string;
  readonly past: readonly Event[];
  readonly now: readonly Event[];
  readonly changes: readonly Change[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Of what, and with what, a stage is run again. */
export interface Replay {
  readonly stage: Stage;
  /** Ports that cannot reach the world: `OutOfReach` of the stage's. */
  readonly ports: object;
  readonly relevant: (stream: string) => boolean;
  readonly conversation: readonly Recorded[];
  /** Whether the recording has the conversation from its beginning. */
  readonly whole: boolean;
  /** The time of the last event of the whole recording. */
  readonly end: string;
}

/** Delays are published, and events run, within this time where nothing is wrong. */
const settleMs = 120_000;

/**
 * Runs a stage over everything it heard in one conversation, in the order it heard it then.
 *
 * The state is rebuilt by today's reducer from what was heard and said then, so each run is judged by itself:
 * one that says something else does not change what comes after it. Where the recording leaves the order
 * open, any order that explains it will do.
 */
export async function* replayed(replay: Replay): AsyncGenerator<Run> {
  const { stage, relevant, conversation, whole, end } = replay;
  const settled = new Date(Date.parse(end) - settleMs).toISOString();
  const outputs: Record<string, number> = {};
  const blind = stage.state !== undefined && !whole;
  let state: unknown = stage.state?.initial;
  for (const stretch of scheduled(stage, relevant, conversation)) {
    const { silent, spoke } = stretch;
    const own = spoke?.past.filter(({ event }) => isOwn(stage, event)) ?? [];
    // A history that begins in the middle goes on counting from there.
    for (const { event } of own) outputs[topicOf(event.type)] ??= event.position.seq;
    if (blind) {
      for (const run of [...silent, ...(spoke ? [spoke] : [])]) yield unseen(stage, run);
      continue;
    }
    const make = (run: Scheduled, before: unknown) =>
      made(replay, run, { outputs, settled, before, open: spoke === undefined });
    for (const { run, after } of await madeInOrder(stretch, state, make)) {
      yield run;
      state = after;
    }
    for (const { event } of own) outputs[topicOf(event.type)] = event.position.seq + 1;
  }
}

const isOwn = ({ name }: Stage, { position }: Event) => position.stream.startsWith(`${name}/`);

const about = ({ name }: Stage, { heard, past }: Scheduled) => ({
  stage: name,
  heard: heard.event,
  past: past.map(({ event }) => event),
  now: [],
  changes: [],
});

/** A run whose state nobody can know. */
const unseen = (stage: Stage, run: Scheduled): Run => ({
  ...about(stage, run),
  ...{ verdict: "unknown", missing: "the beginning of the conversation" },
  ...{ before: undefined, after: undefined },
});

interface Circumstances {
  readonly outputs: Readonly<Record<string, number>>;
  readonly settled: string;
  readonly before: unknown;
  readonly open: boolean;
}

async function made(replay: Replay, run: Scheduled, { before, ...given }: Circumstances) {
  const { stage } = replay;
  const outcome = await rerun(replay, run, given.outputs, before);
  const said = run.past.map(({ event }) => event).filter((event) => isOwn(stage, event));
  const gaveUp = said.some(({ type }) => type === EventDeadLettered.type);
  const learns = outcome.known !== undefined && !gaveUp;
  const after = learns ? evolved(stage, before, outcome.known, said) : before;
  return { run: { ...judged(stage, run, outcome, given), before, after }, after };
}

interface Outcome {
  readonly known?: Event | undefined;
  readonly said: readonly Said[];
  readonly missing?: string;
}

/** One run, as `deliverTo` makes it, with the recording for a world. */
async function rerun(
  { stage, ports }: Replay,
  { heard: { event }, past }: Scheduled,
  outputs: Readonly<Record<string, number>>,
  state: unknown,
): Promise<Outcome> {
  const first = past.find(({ event }) => isOwn(stage, event)) ?? past[0];
  const recorded = first?.event.effects ?? [];
  const effects: Event["effects"][number][] = [];
  let missing: string | undefined;
  const once: Once = async (name) => {
    const effect = recorded.find((effect) => effect.name === name);
    if (!effect) {
      missing = `the effect ${name}`;
      throw new NotRecorded(missing);
    }
    if (!effects.includes(effect)) effects.push(effect);
    return effect.outcome as never;
  };
  const saying = {
    time: first && isOwn(stage, first.event) ? first.event.time : event.time,
    heard: first?.event.heard ?? {},
    outputs: { ...outputs },
  };
  let known: Event | undefined;
  try {
    known = understood(stage, event);
    const drafts = known ? await stage.run(known, { ...ports, once, state }) : [];
    const { publish, delay } = spoken(stage.name, event, drafts, { ...saying, effects });
    const delayed = delay.map(({ id, due, draft, ...said }): Event => {
      const came = past.find((recorded) => recorded.event.id === id)?.event;
      const position = came?.position ?? {
        stream: `later.${said.producer}/${topicOf(draft.type)}/${event.key}`,
        seq: 0,
      };
      const { cause, heard, effects } = said;
      return {
        ...draft,
        notBefore: due,
        id,
        time: came?.time ?? due,
        cause,
        position,
        heard,
        effects,
        replay: false,
      };
    });
    const said = [...publish, ...delayed].map((event) => ({ event, body: spelt(event) }));
    return missing === undefined ? { known, said } : { known, said, missing };
  } catch (error) {
    if (error instanceof NotRecorded) return { known, said: [], missing: missing ?? error.what };
    const code = error instanceof Retry || error instanceof DeadLetter ? error.code : "bug";
    return { known, said: givenUp(code, error) };
  }

  /** The stack is the code's own and no part of what was decided: the same code has the recorded one. */
  function givenUp(code: string, error: unknown): readonly Said[] {
    const letter = past.map(({ event }) => EventDeadLettered.schema.safeParse(event.data).data)[0];
    const own = error instanceof Error ? (error.stack ?? null) : null;
    const stack = letter?.code === code ? letter.stack : own;
    const given = { code, stack, whole: event };
    const { publish } = spokenOfGivenUp(stage.name, event, given, saying);
    return publish.map((event) => ({ event, body: JSON.stringify(event) }));
  }
}

function judged(
  stage: Stage,
  scheduled: Scheduled,
  { said, missing }: Outcome,
  { settled, open }: Pick<Circumstances, "settled" | "open">,
): Omit<Run, "before" | "after"> {
  const { heard, past } = scheduled;
  const run = about(stage, scheduled);
  const now = said.map(({ event }) => event);
  const gaveUp = past.some(({ event }) => event.type === EventDeadLettered.type);
  if (missing !== undefined && gaveUp) return { ...run, verdict: "unknown", missing };
  // A run that did something says something: one that is silent and wants to has not been made yet.
  if (missing !== undefined && open) return { ...run, verdict: "unfinished", missing };
  if (missing !== undefined) return { ...run, verdict: "differs", missing };
  if (open && heard.event.time > settled && said.length > 0)
    return { ...run, now, verdict: "unfinished" };
  const inHand = ({ event }: Said) =>
    event.notBefore !== undefined &&
    event.notBefore > settled &&
    !past.some((recorded) => recorded.event.id === event.id);
  const found = changes(
    said.filter((said) => !inHand(said)),
    past,
  );
  const waits = said.some(inHand);
  const verdict = found.length > 0 ? "differs" : waits ? "unfinished" : "equal";
  return { ...run, now, changes: found, verdict };
}
