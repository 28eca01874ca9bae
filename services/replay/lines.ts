import { inspect } from "node:util";
import type { Event } from "@holdline/events";
import { type Change, differing, type Run } from "@holdline/replay";

/** One run, as lines for a person: what was said then beside what is said now. */
export function linesOf({ stage, heard, verdict, missing, past, now, changes }: Run): string[] {
  const title = `  ${heard.time} ${heard.type} → ${stage}: ${verdict}${missing ? ` (${missing})` : ""}`;
  if (verdict === "equal") return [title, ...past.map((event) => `    = ${inShort(event)}`)];
  if (changes.length > 0) return [title, ...changes.flatMap(changeLines)];
  const said = new Set(past.map(({ id }) => id));
  const waiting = now.filter(({ id }) => !said.has(id));
  return [
    title,
    ...past.map((event) => `    ${now.length > 0 ? "=" : "?"} ${inShort(event)}`),
    ...waiting.map((event) => `    … ${inShort(event)}`),
  ];
}

function changeLines(change: Change): string[] {
  if (change.change === "added") return [`    + ${inShort(change.now)}`];
  if (change.change === "dropped") return [`    - ${inShort(change.past)}`];
  const { past, now } = change;
  if (textOf(past) !== textOf(now)) return [`    - ${inShort(past)}`, `    + ${inShort(now)}`];
  return differing(past, now).map(
    (path) => `    ~ ${past.type} ${path}: ${valueAt(past, path)} → ${valueAt(now, path)}`,
  );
}

const inShort = (event: Event): string => {
  const text = textOf(event);
  return text === undefined ? event.type : `${event.type} ${JSON.stringify(text)}`;
};

const textOf = ({ data }: Event): unknown => (data as { text?: unknown } | null)?.text;

function valueAt(event: Event, path: string): string {
  let value: unknown = event;
  for (const name of path.split("."))
    value = (value as Record<string, unknown> | undefined)?.[name];
  return JSON.stringify(value) ?? "nothing";
}

/** One run with what the stage knew before and after it. */
export function stepOf(run: Run): string[] {
  const { before, after, heard } = run;
  const changed = differing(before, after);
  const show = (value: unknown) => inspect(value, { depth: 8, breakLength: 100, compact: true });
  return [
    `  knew    ${show(before)}`,
    `  hears   ${inShort(heard)}`,
    ...linesOf(run),
    ...(changed.length === 0
      ? ["  learns  nothing"]
      : changed.map(
          (path) =>
            `  learns  ${path === "" ? "" : `${path}: `}${valueIn(before, path)} → ${valueIn(after, path)}`,
        )),
  ];
}

const valueIn = (state: unknown, path: string): string =>
  path === "" ? JSON.stringify(state) : valueAt(state as Event, path);

/** One run as an object for programs. */
export const jsonOf = (conversation: string, run: Run) => ({
  conversation,
  stage: run.stage,
  heard: run.heard,
  verdict: run.verdict,
  ...(run.missing !== undefined && { missing: run.missing }),
  past: run.past,
  now: run.now,
  changes: run.changes.map((change) =>
    change.change === "altered"
      ? { ...change, differing: differing(change.past, change.now) }
      : change,
  ),
});
