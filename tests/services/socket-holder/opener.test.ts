import { describe, expect, it, vi } from "vitest";
import { opener, tokenBucket } from "../../../services/socket-holder/opener.ts";

const { signal } = new AbortController();
const waiting = (name: string) => ({ name, place: -1 });

describe("the opener", () => {
  it("lets the most urgent through first, and who becomes urgent forward", async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const queue = opener<ReturnType<typeof waiting>>(
      async ({ name }) => {
        order.push(name);
        await gate.promise;
      },
      async () => 0,
      1,
      signal,
    );
    const [first, planned, quiet, live, late] = ["first", "planned", "quiet", "live", "late"].map(
      waiting,
    ) as [ReturnType<typeof waiting>, ...ReturnType<typeof waiting>[]];
    queue.ask(first, 2);
    await vi.waitUntil(() => order.length === 1);
    for (const [member, priority] of [
      [planned, 3],
      [quiet, 2],
      [live, 0],
      [late, 3],
    ] as const)
      if (member) queue.ask(member, priority);
    if (late) queue.ask(late, 1);
    if (quiet) queue.forget(quiet);
    expect(queue.waiting()).toBe(3);
    expect(queue.running()).toBe(1);
    gate.resolve();
    await vi.waitUntil(() => order.length === 4);
    expect(order).toEqual(["first", "live", "late", "planned"]);
  });

  it("opens no more at once than it may", async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const queue = opener<ReturnType<typeof waiting>>(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        done += 1;
      },
      async () => 0,
      3,
      signal,
    );
    for (let n = 0; n < 20; n++) queue.ask(waiting(`${n}`), 1);
    await vi.waitUntil(() => done === 20);
    expect(most).toBe(3);
  });

  it("asks again when the quota is used up, or cannot be asked", async () => {
    vi.useFakeTimers();
    try {
      const answers = [250, "trouble", 0] as const;
      let asked = 0;
      let opened = 0;
      const queue = opener<ReturnType<typeof waiting>>(
        async () => {
          opened += 1;
        },
        async () => {
          const answer = answers[asked++] ?? 0;
          if (typeof answer === "string") throw new Error(answer);
          return answer;
        },
        3,
        signal,
      );
      queue.ask(waiting("one"), 1);
      await vi.runAllTimersAsync();
      expect({ asked, opened }).toEqual({ asked: 3, opened: 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a token bucket", () => {
  it("gives a burst, and then says how long to wait", async () => {
    const take = tokenBucket(2, 3);
    expect([await take(0), await take(0), await take(0)]).toEqual([0, 0, 0]);
    expect(await take(0)).toBeGreaterThan(0);
    expect(await take(0)).toBeLessThanOrEqual(500);
  });
});
