import { describe, expect, it } from "vitest";
import { comesBackSoon } from "../../../services/socket-holder/close-codes.ts";
import { dialler } from "../../../services/socket-holder/dial.ts";
import { renewals, setbacks } from "../../../services/socket-holder/reasons.ts";
import { backoff, timingsAt } from "../../../services/socket-holder/timings.ts";

describe("what to do about it", () => {
  it("is to end only when the service says the chat is over", () => {
    const ends = Object.entries(setbacks).filter(([, { next }]) => next === "end");
    expect(ends.map(([code]) => code)).toEqual(["denied"]);
  });

  it("is to count what nobody planned", () => {
    const planned = Object.entries(renewals).filter(([, { counts }]) => !counts);
    expect(planned.map(([reason]) => reason)).toEqual(["contact-opened", "life-spent"]);
  });

  it("is to come back at once from an ordinary close, and later from an odd one", () => {
    expect([1000, 1001, 1006, 1012].every(comesBackSoon)).toBe(true);
    expect([1008, 1011, 1013, 4403].some(comesBackSoon)).toBe(false);
  });
});

describe("a URL", () => {
  it("is opened only where its token stays secret", () => {
    const dial = dialler();
    for (const url of ["ws://example.com/", "http://127.0.0.1/", "ws://127.0.0.1.example.com/"])
      expect(() => dial(url)).toThrow("url-not-allowed");
  });
});

describe("waits", () => {
  it("double up to a most, and are spread", () => {
    for (const [failures, ms] of [
      [0, 2_000],
      [1, 4_000],
      [3, 16_000],
      [9, 30_000],
    ] as const) {
      const wait = backoff(2_000, 30_000, failures);
      expect(wait).toBeGreaterThanOrEqual(ms * 0.7);
      expect(wait).toBeLessThanOrEqual(ms * 1.3);
    }
  });

  it("are divided by the speed, but not what the other side needs", () => {
    expect(timingsAt(60)).toMatchObject({ lifeMs: 59_000, heartbeatMs: 1_000 });
    expect(timingsAt(1)).toMatchObject({ lifeMs: 3_540_000, heartbeatMs: 10_000 });
    expect(timingsAt(10, { heartbeatMs: 200 })).toMatchObject({ heartbeatMs: 200 });
  });
});
