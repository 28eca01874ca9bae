import { type Event, lineOf, ReminderDue } from "@holdline/events";
import type { Cursor, Stage, StageStanding, Standing } from "@holdline/runtime";
import { type Conversation, isOver } from "../classify/knowledge.ts";
import type { Meanings } from "./codes.ts";
import { phraseOf } from "./phrases.ts";
import type { Fault, Waiting } from "./why.ts";

/** What is looked at. */
export interface Looking {
  readonly events: readonly Event[];
  readonly stages: readonly Stage[];
  readonly meanings: Meanings;
}

/** What keeps a stage from an event, and whether that is trouble. */
export interface Hindrance {
  readonly waiting: Waiting;
  readonly fault?: Fault;
}

const noCursor: Cursor = { next: 0, passed: [] };
const instant = (ms: number) => new Date(ms).toISOString();

/** Every event that a stage has yet to run, and what it waits for there. */
export function hindrances(standing: Standing, looking: Looking): readonly Hindrance[] {
  return looking.stages.flatMap((stage) => {
    const stands = standing.stages[stage.name];
    return stands ? ofStage(stage, stands, looking) : [];
  });
}

function ofStage(stage: Stage, stands: StageStanding, looking: Looking): readonly Hindrance[] {
  const { events } = looking;
  const types = new Set(stage.on.map(({ type }) => type));
  const pending = events.filter((event, nth) => {
    if (!types.has(event.type) || (event.only ?? stage.name) !== stage.name) return false;
    const { next, passed } = stands.cursors[lineOf(event.position.stream)] ?? noCursor;
    const { seq } = event.position;
    return (
      nth >= stands.leftBehind &&
      (seq >= next || passed.some(([from, to]) => from <= seq && seq <= to))
    );
  });
  return [
    ...pending.map((event, nth) => hindrance(stage, stands, event, pending.slice(0, nth), looking)),
    ...untold(stage, stands, looking),
  ];
}

/** What keeps coming again though no history tells of it: a table has no history, and an archive is of before. */
function untold(
  { name: stage }: Stage,
  { cursors }: StageStanding,
  { events, meanings }: Looking,
): readonly Hindrance[] {
  return Object.entries(cursors).flatMap(([line, { trouble, attempts }]) => {
    const isTold = ({ position: { stream, seq } }: Event) =>
      lineOf(stream) === line && seq === trouble?.seq;
    if (!trouble || events.some(isTold)) return [];
    const { code, seq } = trouble;
    const since = instant(trouble.since);
    const says = `${stage} tries again: ${code}${tried(attempts?.[seq])} (${line} ${seq})`;
    const waiting = { stage, says, event: null, since, due: null };
    if (code === "paced") return [{ waiting }];
    const { means = null, todo = null } = meanings(code, true) ?? {};
    return [{ waiting, fault: { code, goingOn: true, says, means, todo, since, event: null } }];
  });
}

const tried = (tries = 0): string =>
  tries > 0 ? `, ${tries} failed ${tries === 1 ? "attempt" : "attempts"}` : "";

function hindrance(
  stage: Stage,
  stands: StageStanding,
  event: Event,
  before: readonly Event[],
  { meanings }: Looking,
): Hindrance {
  const line = lineOf(event.position.stream);
  const { seq } = event.position;
  const cursor = stands.cursors[line] ?? noCursor;
  const waits = (says: string, since: string = event.time): Hindrance => ({
    waiting: {
      stage: stage.name,
      says: `${stage.name} ${says}`,
      event: event.id,
      since,
      due: null,
    },
  });
  const faultOf = ({ waiting: { says, since } }: Hindrance, code: string): Fault => {
    const { means = null, todo = null } = meanings(code, true) ?? {};
    return { code, goingOn: true, says, means, todo, since, event: event.id };
  };
  const asked = phraseOf(event, false).says;
  const begun = stands.begun.find(({ token }) => token.split("/")[1] === event.id);
  const { trouble } = cursor;
  if (trouble?.seq === seq) {
    const { code } = trouble;
    const since = instant(trouble.since);
    const waiting = waits(`tries again: ${code}${tried(cursor.attempts?.[seq])} (${asked})`, since);
    return code === "paced" ? waiting : { ...waiting, fault: faultOf(waiting, code) };
  }
  if (begun)
    return waits(
      `began an effect and does not know yet what came of it (${asked})`,
      instant(begun.begunAt),
    );
  if (seq < cursor.next)
    return waits(`went on without it, and runs it late if it still comes: ${asked}`);
  if (cursor.gapSince !== undefined && seq > cursor.next) {
    const missing = `${line} ${cursor.next}`;
    const since = instant(cursor.gapSince);
    const waiting = waits(`waits for ${missing}, which has not come (${asked})`, since);
    return { ...waiting, fault: faultOf(waiting, "early") };
  }
  if (before.length > 0) return waits(`has something before this: ${asked}`);
  if (stands.heldUntil !== null) return waits(`has it in hand: ${asked}`);
  return waits(`has yet to run it: ${asked}`);
}

/** What is to be said later, but for reminders of what is over: these will change nothing. */
export function delayed(
  { delayed }: Standing,
  known: Conversation,
  { events }: Pick<Looking, "events">,
): readonly Waiting[] {
  return delayed.flatMap(({ due, producer, draft, cause }) => {
    const reminder = ReminderDue.schema.safeParse(draft.data).data;
    if (reminder && isOver(reminder, known)) return [];
    const says = reminder ? reminders[reminder.about] : `${draft.type} is to be said`;
    const since = events.find(({ id }) => id === cause)?.time ?? due;
    return [{ stage: producer, says, event: cause, since, due }];
  });
}

const reminders = {
  "offer-expiry": "the end of the offer: without an answer it counts as declined",
  "yes-unanswered": "an answer to the yes, if the queue has not given one by then",
  "idle-close": "a look at whether the chat has gone quiet",
  "contact-retry": "another try to open a chat",
} as const;
