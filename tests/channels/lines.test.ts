import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Handed, type InLine, lines } from "../../packages/channels/sms-aws/lines.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const message = (id: string, at: number, line = "a", sentAt = 0): InLine => ({
  id,
  line,
  at,
  sentAt,
});

/** Lines that note what they hand on, and settle it when told. */
function noted(options: { holdBackMs?: number; gathering?: boolean } = {}) {
  const handed: string[] = [];
  const open = new Map<string, (outcome: Handed) => void>();
  const inLine = lines<InLine>({
    holdBackMs: options.holdBackMs ?? 50,
    gathering: options.gathering ?? false,
    hand: ({ id }) => {
      handed.push(id);
      return new Promise((settle) => open.set(id, settle));
    },
  });
  const settle = async (id: string, outcome: Handed = { done: true }) => {
    open.get(id)?.(outcome);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ...inLine, handed, settle };
}

describe("lines", () => {
  it("sorts what comes within the hold-back, by time, then SQS's time, then arrival", async () => {
    const { add, handed, settle } = noted();
    add(message("third", 30));
    add(message("first", 10));
    add(message("second too", 20, "a", 2));
    add(message("second", 20, "a", 1));
    add(message("second three", 20, "a", 2));
    await vi.advanceTimersByTimeAsync(49);
    expect(handed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    for (const id of ["first", "second", "second too", "second three"]) await settle(id);
    expect(handed).toEqual(["first", "second", "second too", "second three", "third"]);
  });

  it("hands on one of a line at a time, and does not let lines wait for each other", async () => {
    const { add, handed, settle } = noted({ holdBackMs: 0 });
    add(message("a1", 1));
    add(message("a2", 2));
    add(message("b1", 3, "b"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(handed).toEqual(["a1", "b1"]);
    await settle("a1");
    expect(handed).toEqual(["a1", "b1", "a2"]);
  });

  it("does not pass one that was handed back", async () => {
    const { add, handed, settle } = noted({ holdBackMs: 0 });
    add(message("a1", 1));
    add(message("a2", 2));
    await settle("a1", { backInMs: 1_000 });
    await vi.advanceTimersByTimeAsync(1_000);
    add(message("a3", 3));
    expect(handed).toEqual(["a1"]);
    add(message("a1", 1));
    await settle("a1");
    await settle("a2");
    expect(handed).toEqual(["a1", "a1", "a2", "a3"]);
  });

  it("goes on without one that never comes back", async () => {
    const { add, handed, settle } = noted({ holdBackMs: 0 });
    add(message("a1", 1));
    add(message("a2", 2));
    await settle("a1", { backInMs: 1_000 });
    await vi.advanceTimersByTimeAsync(5_999);
    expect(handed).toEqual(["a1"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(handed).toEqual(["a1", "a2"]);
  });

  it("hands nothing on while it gathers, and then all in order", async () => {
    const { add, release, handed, settle } = noted({ gathering: true });
    add(message("later", 2));
    await vi.advanceTimersByTimeAsync(4_900);
    add(message("earlier", 1));
    await vi.advanceTimersByTimeAsync(100);
    expect(handed).toEqual([]);
    release();
    await vi.advanceTimersByTimeAsync(0);
    await settle("earlier");
    expect(handed).toEqual(["earlier", "later"]);
  });

  it("stops when what it handed on is settled, and answers the rest", async () => {
    const { add, stop, handed, settle } = noted({ holdBackMs: 0 });
    add(message("a1", 1));
    add(message("a2", 2));
    let rest: readonly InLine[] | undefined;
    const stopped = stop().then((messages) => {
      rest = messages;
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rest).toBeUndefined();
    await settle("a1");
    await stopped;
    expect(rest?.map(({ id }) => id)).toEqual(["a2"]);
    expect(handed).toEqual(["a1"]);
  });
});
