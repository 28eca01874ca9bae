import type { Cursor, StageRecord, Work } from "./state-store.ts";

/** What a stage remembers of a conversation it has not met. */
export const blankRecord: StageRecord = { cursors: {}, outputs: {} };

type Position = NonNullable<Work["position"]>;

const blankCursor: Cursor = { next: 0, passed: [] };

/** What becomes of an event by its place alone; `record` is what to remember meanwhile, where it changed. */
export type Turn =
  | {
      readonly turn: "now";
      readonly attempt: number;
      readonly late: boolean;
      readonly gap: number;
    }
  | { readonly turn: "seen" }
  | { readonly turn: "early"; readonly sinceMs: number; readonly record?: StageRecord };

/**
 * Whether it is this event's turn: the whole of order and dedupe, as a pure function.
 *
 * An event before the cursor was seen, unless it had been given up on: then it is late and is run. One
 * after it waits for its predecessors for `gapMs` since the gap was first noticed, or since the one it
 * waits for was last met and had to come again (`retried`), then goes without.
 * Of several that wait the first in line goes first; the others wait as long again in case it does not
 * come back either.
 *
 * On a transport that keeps order nothing is ever early: what is missing was not for this stage, and
 * no trace of it was kept.
 */
export function turnOf(
  record: StageRecord,
  position: Position,
  now: number,
  gapMs: number,
  ordered = false,
): Turn {
  const { line, seq } = position;
  const cursor = record.cursors[line] ?? blankCursor;
  const attempt = (cursor.attempts?.[seq] ?? 0) + 1;
  if (seq < cursor.next) {
    const late = cursor.passed.some(([from, to]) => from <= seq && seq <= to);
    return late ? { turn: "now", attempt, late, gap: 0 } : { turn: "seen" };
  }
  if (seq === cursor.next || ordered) return { turn: "now", attempt, late: false, gap: 0 };
  const gapSince = cursor.gapSince ?? now;
  const waiting = Math.min(seq, cursor.waiting ?? seq);
  const sinceMs = now - gapSince;
  if (sinceMs >= (seq === waiting ? gapMs : 2 * gapMs))
    return { turn: "now", attempt, late: false, gap: seq - cursor.next };
  if (cursor.gapSince === gapSince && cursor.waiting === waiting) return { turn: "early", sinceMs };
  const noticed = withCursor(record, line, { ...cursor, gapSince, waiting });
  return { turn: "early", sinceMs, record: noticed };
}

/** The record once the event at `position` has been run, or given up on. */
export function advanced(
  record: StageRecord,
  { line, seq }: Position,
  ordered = false,
): StageRecord {
  const cursor = record.cursors[line] ?? blankCursor;
  const attempts = without(cursor.attempts, seq);
  const tries = attempts ? { attempts } : {};
  if (seq < cursor.next) {
    const passed = cursor.passed.flatMap(([from, to]) => cut(from, to, seq));
    const { attempts: _, trouble, ...same } = cursor;
    const others = trouble && trouble.seq !== seq ? { trouble } : {};
    return withCursor(record, line, { ...same, passed, ...tries, ...others });
  }
  const passed: Cursor["passed"] =
    seq > cursor.next && !ordered ? [...cursor.passed, [cursor.next, seq - 1]] : cursor.passed;
  return withCursor(record, line, { next: seq + 1, passed, ...tries });
}

interface Meeting {
  readonly counts: boolean;
  readonly ordered?: boolean;
  /** What stood in its way, and when (epoch ms): written once for each reason, however often it is met. */
  readonly code: string;
  readonly now: number;
}

/**
 * The record once the event was met and must come again; nothing, where that is nothing to remember.
 *
 * An event that was met is not missing, however long its retries take: whoever waits for it waits anew
 * from here. If it had gone without its predecessors, these stay given up on.
 */
export function retried(
  record: StageRecord,
  { line, seq }: Position,
  { counts, ordered = false, code, now }: Meeting,
): StageRecord | undefined {
  const cursor = record.cursors[line] ?? blankCursor;
  const before = cursor.trouble?.seq === seq ? cursor.trouble : undefined;
  // Waiting for a quota of ours is how what stood in the way is gone about, and no reason of its own.
  const same = before && (before.code === code || code === "paced");
  const trouble = same ? before : { seq, code, since: now };
  const { gapSince, waiting: _, ...rest } = cursor;
  const inTurn = !ordered && seq >= cursor.next;
  if (!counts && !(inTurn && gapSince !== undefined) && trouble === before) return undefined;
  const passed: Cursor["passed"] =
    seq > cursor.next ? [...cursor.passed, [cursor.next, seq - 1]] : cursor.passed;
  const met = { ...(inTurn ? { ...rest, next: seq, passed } : cursor), trouble };
  const attempts = { ...cursor.attempts, [seq]: (cursor.attempts?.[seq] ?? 0) + 1 };
  return withCursor(record, line, counts ? { ...met, attempts } : met);
}

/** How far every line has been heard: what an event says of its stage when it is said. */
export function heardOf(record: StageRecord): Record<string, number> {
  const heard: Record<string, number> = {};
  for (const line in record.cursors) heard[line] = record.cursors[line]?.next ?? 0;
  return heard;
}

const withCursor = (record: StageRecord, line: string, cursor: Cursor): StageRecord => ({
  ...record,
  cursors: { ...record.cursors, [line]: cursor },
});

function cut(from: number, to: number, seq: number): (readonly [number, number])[] {
  if (seq < from || seq > to) return [[from, to]];
  const left: [number, number][] = from < seq ? [[from, seq - 1]] : [];
  const right: [number, number][] = seq < to ? [[seq + 1, to]] : [];
  return [...left, ...right];
}

function without(attempts: Cursor["attempts"], seq: number): Cursor["attempts"] {
  if (!attempts) return undefined;
  const { [seq]: _, ...rest } = attempts;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
