import {
  advanced,
  blankRecord,
  heardOf,
  retried,
  type StageRecord,
  turnOf,
} from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const line = "ingest/message";
const place = (seq: number) => ({ line, seq });
const cursorOf = (record: StageRecord) => record.cursors[line];

/** The record after one more attempt that counts. */
const failed = (record: StageRecord, at: ReturnType<typeof place>) =>
  retried(record, at, { counts: true, code: "bug", now: 0 }) ?? record;

/** The record after these were run, in this order, each as if it were its turn. */
const recordAfter = (...seqs: number[]) =>
  seqs.reduce((record, seq) => advanced(record, place(seq)), blankRecord);

describe("a stage's turn", () => {
  it("comes for the first event of a line at once", () => {
    expect(turnOf(blankRecord, place(0), 0, 5)).toEqual({
      turn: "now",
      attempt: 1,
      late: false,
      gap: 0,
    });
  });

  it("does not come for what was run", () => {
    expect(turnOf(recordAfter(0, 1), place(0), 0, 5)).toEqual({ turn: "seen" });
  });

  it("is waited for from when the gap was noticed", () => {
    const noticed = turnOf(blankRecord, place(2), 100, 50);
    if (noticed.turn !== "early" || !noticed.record) throw new Error("the gap was not noticed");
    expect(turnOf(noticed.record, place(2), 149, 50)).toEqual({ turn: "early", sinceMs: 49 });
    expect(turnOf(noticed.record, place(2), 150, 50)).toMatchObject({ turn: "now", gap: 2 });
  });

  it("begins a new wait for each gap", () => {
    const noticed = turnOf(blankRecord, place(1), 0, 50);
    if (noticed.turn !== "early" || !noticed.record) throw new Error("the gap was not noticed");
    const filled = advanced(advanced(noticed.record, place(0)), place(1));
    expect(turnOf(filled, place(3), 1_000, 50)).toMatchObject({ turn: "early", sinceMs: 0 });
  });

  it("goes to the first of those that wait when the gap is passed", () => {
    const first = turnOf(blankRecord, place(3), 0, 50);
    if (first.turn !== "early" || !first.record) throw new Error("the gap was not noticed");
    const second = turnOf(first.record, place(2), 10, 50);
    if (second.turn !== "early" || !second.record)
      throw new Error("the first in line was not noticed");
    expect(turnOf(second.record, place(3), 60, 50)).toMatchObject({ turn: "early" });
    expect(turnOf(second.record, place(2), 60, 50)).toMatchObject({ turn: "now", gap: 2 });
    expect(turnOf(second.record, place(3), 100, 50)).toMatchObject({ turn: "now", gap: 3 });
  });

  it("comes late for one that was passed over, and only once", () => {
    const record = recordAfter(4);
    expect(turnOf(record, place(2), 0, 5)).toMatchObject({ turn: "now", late: true, gap: 0 });
    expect(turnOf(advanced(record, place(2)), place(2), 0, 5)).toEqual({ turn: "seen" });
    expect(cursorOf(advanced(record, place(2)))).toMatchObject({
      next: 5,
      passed: [
        [0, 1],
        [3, 3],
      ],
    });
  });

  it("does not lose the wait of the others when one comes late", () => {
    const noticed = turnOf(recordAfter(1), place(4), 7, 50);
    if (noticed.turn !== "early" || !noticed.record) throw new Error("the gap was not noticed");
    expect(turnOf(advanced(noticed.record, place(0)), place(4), 57, 50)).toMatchObject({ gap: 2 });
  });

  it("is not taken from one that was met and must come again, however long that takes", () => {
    const noticed = turnOf(blankRecord, place(1), 0, 50);
    if (noticed.turn !== "early" || !noticed.record) throw new Error("the gap was not noticed");
    const met = retried(noticed.record, place(0), { counts: false, code: "paced", now: 0 });
    if (!met) throw new Error("it was not remembered");
    expect(turnOf(met, place(1), 60, 50)).toMatchObject({ turn: "early", sinceMs: 0 });
  });

  it("stays with one that went without its predecessors, while it is tried again", () => {
    const noticed = turnOf(blankRecord, place(2), 0, 50);
    if (noticed.turn !== "early" || !noticed.record) throw new Error("the gap was not noticed");
    const met = retried(noticed.record, place(2), { counts: true, code: "bug", now: 0 });
    if (!met) throw new Error("it was not remembered");
    expect(turnOf(met, place(3), 500, 50)).toMatchObject({ turn: "early", sinceMs: 0 });
    expect(turnOf(met, place(2), 500, 50)).toMatchObject({ turn: "now", attempt: 2, gap: 0 });
    expect(turnOf(met, place(1), 500, 50)).toMatchObject({ turn: "now", late: true });
  });

  it("leaves nothing new to remember where nobody waits, nothing counts and the reason is the same", () => {
    const once = retried(blankRecord, place(0), { counts: false, code: "paced", now: 5 });
    if (!once) throw new Error("the reason was not remembered");
    expect(retried(once, place(0), { counts: false, code: "paced", now: 9 })).toBeUndefined();
  });

  it("tells why it comes again, and since when for this reason, until it is over", () => {
    const meet = (record: StageRecord, code: string, now: number) =>
      retried(record, place(0), { counts: true, code, now }) ?? record;
    const busy = meet(meet(blankRecord, "busy", 5), "busy", 9);
    expect(cursorOf(busy)?.trouble).toEqual({ seq: 0, code: "busy", since: 5 });
    expect(cursorOf(meet(busy, "paced", 10))?.trouble).toMatchObject({ code: "busy" });
    const silent = meet(busy, "silent", 12);
    expect(cursorOf(silent)?.trouble).toEqual({ seq: 0, code: "silent", since: 12 });
    expect(cursorOf(advanced(silent, place(0)))).toEqual({ next: 1, passed: [] });
  });

  it("keeps the trouble of one in line when a late one is over", () => {
    const troubled = failed(failed(recordAfter(3), place(1)), place(4));
    expect(cursorOf(advanced(troubled, place(1)))?.trouble).toMatchObject({ seq: 4 });
    expect(cursorOf(advanced(troubled, place(4)))?.trouble).toBeUndefined();
    const late = failed(recordAfter(3), place(1));
    expect(cursorOf(late)?.trouble).toMatchObject({ seq: 1 });
    expect(cursorOf(advanced(late, place(1)))?.trouble).toBeUndefined();
  });

  it("counts attempts, and forgets them when the event is over", () => {
    const tried = failed(failed(blankRecord, place(0)), place(0));
    expect(turnOf(tried, place(0), 0, 5)).toMatchObject({ attempt: 3 });
    expect(cursorOf(advanced(tried, place(0)))).toEqual({ next: 1, passed: [] });
  });

  it("counts the attempts of a late one apart", () => {
    const tried = failed(failed(recordAfter(3), place(1)), place(4));
    expect(turnOf(tried, place(1), 0, 5)).toMatchObject({ attempt: 2, late: true });
    expect(cursorOf(advanced(tried, place(1)))?.attempts).toEqual({ 4: 1 });
  });

  it("tells how far each line was heard", () => {
    const record = advanced(recordAfter(0, 1), { line: "connect/chat", seq: 0 });
    expect(heardOf(record)).toEqual({ [line]: 2, "connect/chat": 1 });
  });
});

/** Events come in any order, several times, again and again until they are done with, as time goes by. */
function play(arrivals: readonly number[], gapMs: number) {
  let record = blankRecord;
  let now = 0;
  const ran: { seq: number; late: boolean; gap: number }[] = [];
  const air = [...arrivals];
  for (let turns = 0; air.length > 0 && turns < 10_000; turns++) {
    now += 1;
    const seq = air.shift() as number;
    const turn = turnOf(record, place(seq), now, gapMs);
    if (turn.turn === "early") {
      record = turn.record ?? record;
      air.push(seq);
    }
    if (turn.turn !== "now") continue;
    ran.push({ seq, late: turn.late, gap: turn.gap });
    record = advanced(record, place(seq));
  }
  return { ran, record };
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** `count` events, some of them several times, in any order. */
const shuffledWithCopies = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(), { maxLength: 12 }))
  .chain(([count, copies]) => {
    const all = [...upTo(count), ...copies.map((copy) => copy % count)];
    return fc
      .shuffledSubarray(all, { minLength: all.length })
      .map((arrivals) => ({ count, arrivals }));
  });

describe("turns, whatever the order of arrival", () => {
  it("come once for each event and in order, when nothing is given up on", () => {
    fc.assert(
      fc.property(shuffledWithCopies, ({ count, arrivals }) => {
        const { ran, record } = play(arrivals, Number.POSITIVE_INFINITY);
        expect(ran.map(({ seq }) => seq)).toEqual(upTo(count));
        expect(cursorOf(record)).toEqual({ next: count, passed: [] });
      }),
    );
  });

  it("come once for each event when gaps are passed, in order but for those marked late", () => {
    fc.assert(
      fc.property(
        shuffledWithCopies,
        fc.integer({ min: 0, max: 30 }),
        ({ count, arrivals }, gapMs) => {
          const { ran, record } = play(arrivals, gapMs);
          expect(ran.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(upTo(count));
          const inTime = ran.filter(({ late }) => !late).map(({ seq }) => seq);
          expect(inTime).toEqual([...inTime].sort((a, b) => a - b));
          const givenUp = ran.reduce((sum, { gap }) => sum + gap, 0);
          expect(ran.filter(({ late }) => late)).toHaveLength(givenUp);
          expect(cursorOf(record)).toEqual({ next: count, passed: [] });
        },
      ),
    );
  });

  it("come for everything that is there when one never comes", () => {
    fc.assert(
      fc.property(shuffledWithCopies, fc.nat(), ({ count, arrivals }, which) => {
        const lost = which % count;
        const { ran } = play(
          arrivals.filter((seq) => seq !== lost),
          100,
        );
        expect(ran.map(({ seq }) => seq)).toEqual(upTo(count).filter((seq) => seq !== lost));
      }),
    );
  });
});
