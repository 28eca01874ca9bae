import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { whileHeld } from "../../services/while-held.ts";

/** Two processes and the one name between them. */
function contest() {
  let holder: string | undefined;
  const doing = new Set<string>();
  const ends: string[] = [];
  const stops: (() => Promise<void>)[] = [];
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));

  function contender(who: string, failing = { is: false }) {
    const stop = new AbortController();
    const leases = {
      async hold() {
        if (failing.is) throw new Error("the store is away");
        holder ??= who;
        return holder === who;
      },
      async release() {
        if (holder === who) holder = undefined;
      },
    };
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    const running = whileHeld(
      { leases, name: "doors", everyMs: 5, failed, signal: stop.signal },
      async (signal) => {
        doing.add(who);
        expect(doing.size).toBe(1);
        while (!signal.aborted) await sleep(2);
        doing.delete(who);
        ends.push(who);
      },
    );
    const end = async () => {
      stop.abort();
      await running;
    };
    stops.push(end);
    return { end, failures };
  }

  const until = async (done: () => boolean) => {
    while (!done()) await sleep(2);
  };
  return { contender, doing, ends, until, lose: () => (holder = "somebody else") };
}

describe("what one process at a time does", () => {
  it("is done by the first, and by the other when that one ends", async () => {
    const { contender, doing, until } = contest();
    const one = contender("one");
    await until(() => doing.has("one"));
    contender("other");
    await sleep(30);
    expect([...doing]).toEqual(["one"]);
    await one.end();
    await until(() => doing.has("other"));
  });

  it("ends when the name is lost", async () => {
    const { contender, doing, ends, until, lose } = contest();
    contender("one");
    await until(() => doing.has("one"));
    lose();
    await until(() => ends.length === 1);
    expect(doing.size).toBe(0);
  });

  it("ends when nobody can say whose the name is, and begins anew when they can", async () => {
    const { contender, doing, ends, until } = contest();
    const failing = { is: false };
    const { failures } = contender("one", failing);
    await until(() => doing.has("one"));
    failing.is = true;
    await until(() => ends.length === 1);
    expect(failures.length).toBeGreaterThan(0);
    failing.is = false;
    await until(() => doing.has("one"));
  });
});
