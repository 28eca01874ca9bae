import { type Event, EventDeadLettered, lineOf } from "@holdline/events";
import { derivedId, type Stage } from "@holdline/runtime";
import type { Recorded } from "./recorded.ts";

/** One event in a stage's hands, as the recording has it. */
export interface Scheduled {
  readonly heard: Recorded;
  /** What the stage said of it then. */
  readonly past: readonly Recorded[];
}

/** A run that said something, and the silent ones between it and the one before. */
export interface Stretch {
  /** By time. Nobody wrote down in which order those of different streams were heard. */
  readonly silent: readonly Scheduled[];
  /** Nothing behind the last that spoke: what is silent there may not have come to a run. */
  readonly spoke: Scheduled | undefined;
}

/**
 * The runs of a stage in one conversation, in the order it made them, whatever order its events come in.
 *
 * What a run said tells how far it had heard, and no two runs have heard the same: that puts those that said
 * something in order, and every silent one between two of them.
 */
export function scheduled(
  stage: Stage,
  relevant: (stream: string) => boolean,
  conversation: readonly Recorded[],
): readonly Stretch[] {
  const past = sayings(stage, conversation);
  const wanted = new Set(stage.on.map(({ type }) => type));
  const heard = conversation.filter(
    ({ event }) =>
      wanted.has(event.type) &&
      !event.replay &&
      (event.only === undefined || event.only === stage.name) &&
      relevant(event.position.stream),
  );
  const runs = heard.map((recorded): Run => {
    const said = past(recorded.event);
    return { heard: recorded, past: said, far: howFar(said) };
  });
  const spoke = runs.filter(({ past }) => past.length > 0).sort(byHearing);
  const silent = [...spoke, undefined].map((): Run[] => []);
  for (const run of runs)
    if (run.past.length === 0) silent[firstThatHeard(spoke, run.heard.event)]?.push(run);
  return silent.map((runs, nth) => ({ silent: inTurn(runs), spoke: spoke[nth] }));
}

interface Run extends Scheduled {
  /** How many events the stage had heard or passed when it made the run. */
  readonly far: number;
}

const heardBy = (said: Run["past"]): Event["heard"] => said[0]?.event.heard ?? {};

function howFar(said: Run["past"]): number {
  let far = 0;
  const heard = heardBy(said);
  for (const line in heard) far += heard[line] ?? 0;
  return far;
}

/** One that came late moves no cursor: it and the one after it have heard the same. */
function byHearing(a: Run, b: Run): number {
  if (a.far !== b.far) return a.far - b.far;
  const [one, other] = [a.past[0]?.event, b.past[0]?.event];
  if (!one || !other || one.time === other.time)
    return (one?.position.seq ?? 0) - (other?.position.seq ?? 0);
  return one.time < other.time ? -1 : 1;
}

/** Which of the runs that said something is the first that had heard the event; none: their number. */
function firstThatHeard(spoke: readonly Run[], { position }: Event): number {
  const line = lineOf(position.stream);
  let [low, high] = [0, spoke.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const next = heardBy(spoke[middle]?.past ?? [])[line] ?? 0;
    if (position.seq < next) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Silent runs by time, and within a stream by number. */
function inTurn(runs: readonly Run[]): readonly Run[] {
  if (runs.length < 2) return runs;
  const latest = new Map<string, string>();
  const bySeq = runs.toSorted((a, b) => a.heard.event.position.seq - b.heard.event.position.seq);
  return bySeq
    .map((run) => {
      const { time, position } = run.heard.event;
      const line = lineOf(position.stream);
      const no = latest.get(line) ?? "";
      const at = time > no ? time : no;
      latest.set(line, at);
      return { run, at, line, seq: position.seq };
    })
    .sort((a, b) => {
      if (a.at !== b.at) return a.at < b.at ? -1 : 1;
      if (a.line !== b.line) return a.line < b.line ? -1 : 1;
      return a.seq - b.seq;
    })
    .map(({ run }) => run);
}

/** What the stage said of each event it heard. A redriven event keeps its id: a letter belongs to its place. */
function sayings(stage: Stage, conversation: readonly Recorded[]) {
  // What a stage says itself, and what the store says for it when it is due.
  const speakers = [`${stage.name}/`, `later.${stage.name}/`];
  const byCause = new Map<string, Recorded[]>();
  const letters = new Map<string, Recorded>();
  const gaveUpOn = new Set<string>();
  for (const recorded of conversation) {
    const { event } = recorded;
    const { stream } = event.position;
    if (event.cause === null || !speakers.some((one) => stream.startsWith(one))) continue;
    if (event.type === EventDeadLettered.type) {
      letters.set(event.id, recorded);
      gaveUpOn.add(event.cause);
      continue;
    }
    const said = byCause.get(event.cause);
    if (said) said.push(recorded);
    else byCause.set(event.cause, [recorded]);
  }
  return ({ id, position: { stream, seq } }: Event): readonly Recorded[] => {
    if (gaveUpOn.has(id)) {
      const cause = derivedId(id, stream, seq);
      const letter = letters.get(derivedId(cause, stage.name, EventDeadLettered.type, 0));
      if (letter) return [letter];
    }
    return byCause.get(id) ?? [];
  };
}
