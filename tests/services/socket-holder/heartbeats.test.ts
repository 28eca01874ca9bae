import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heartbeats } from "../../../services/socket-holder/heartbeats.ts";

describe("heartbeats", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("come once an interval to everybody, the first one an interval after joining", () => {
    const beaten = new Map<{ slot: number }, number>();
    const wheel = heartbeats<{ slot: number }>(10_000, (member) => {
      beaten.set(member, (beaten.get(member) ?? 0) + 1);
    });
    const [early, late] = [{ slot: -1 }, { slot: -1 }];
    wheel.add(early);
    vi.advanceTimersByTime(5_000);
    wheel.add(late);
    vi.advanceTimersByTime(4_900);
    expect(beaten.size).toBe(0);
    vi.advanceTimersByTime(100);
    expect([...beaten]).toEqual([[early, 1]]);
    vi.advanceTimersByTime(25_000);
    expect([beaten.get(early), beaten.get(late)]).toEqual([3, 3]);
    wheel.remove(early);
    vi.advanceTimersByTime(10_000);
    expect([beaten.get(early), beaten.get(late)]).toEqual([3, 4]);
    wheel.stop();
  });

  it("blame nobody for a process that stood still", () => {
    const late: boolean[] = [];
    const wheel = heartbeats<{ slot: number }>(10_000, (_, isLate) => late.push(isLate));
    wheel.add({ slot: -1 });
    vi.advanceTimersByTime(9_950);
    // The clock goes on while timers do not: a laptop that slept.
    const { now } = performance;
    const slept = vi
      .spyOn(performance, "now")
      .mockImplementation(() => now.call(performance) + 60_000);
    vi.advanceTimersByTime(50);
    slept.mockRestore();
    expect(late).toEqual([true]);
    wheel.stop();
  });
});
