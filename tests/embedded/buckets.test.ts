import { describe, expect, it } from "vitest";
import { buckets } from "../../packages/embedded/buckets.ts";

const perSecond = { perSecond: 1, burst: 1 };
const perDay = { perSecond: 1 / 86_400, burst: 10 };

describe("quotas in memory", () => {
  it("forget those that are full again, one for each recipient as there is", () => {
    const clock = { now: 0 };
    const limits = buckets(() => clock.now);
    for (let n = 0; n < 1_000; n++) limits.take({ name: `to/${n}`, ...perSecond }, 1, 1);
    clock.now += 61_000;
    limits.take({ name: "to/next", ...perSecond }, 1, 1);
    expect(limits.size).toBe(1);
  });

  it("do not forget what was taken from a slow one", () => {
    const clock = { now: 0 };
    const limits = buckets(() => clock.now);
    expect(limits.take({ name: "daily", ...perDay }, 10, 1)).toBe(0);
    clock.now += 61_000;
    expect(limits.take({ name: "daily", ...perDay }, 10, 1)).toBeGreaterThan(86_000_000);
  });

  it("fill no further than the burst", () => {
    const clock = { now: 0 };
    const limits = buckets(() => clock.now);
    limits.take({ name: "a", perSecond: 10, burst: 2 }, 2, 1);
    clock.now += 30_000;
    expect(limits.take({ name: "a", perSecond: 10, burst: 2 }, 2, 1)).toBe(0);
    expect(limits.take({ name: "a", perSecond: 10, burst: 2 }, 1, 1)).toBe(100);
  });
});
