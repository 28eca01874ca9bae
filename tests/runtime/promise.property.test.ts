import { EventDeadLettered } from "@holdline/events";
import type { PublishCommit } from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place } from "../support/bad-day.ts";
import { chaos, conversations, day, death } from "../support/day-in-memory.ts";
import { expectPromiseKept, places } from "../support/promise-kept.ts";

/** The order this runtime does not have: what is heard first may be decided otherwise afterwards. */
const publishThenCommit: Place["commit"] = (store, publish): PublishCommit => ({
  async commit(work, token, decision) {
    await publish(decision.publish);
    await store.commit(work, token, decision);
    await store.clear(work, token);
  },
  finish: (work, token) => store.clear(work, token),
});

describe("each conversation's events are acted on once, in order, and decided once", () => {
  it("wherever a process dies, before or after what it waited for", async () => {
    const conversations = [2, 1];
    const { steps } = await day({ conversations });
    expect(steps).toBeGreaterThan(30);
    for (let at = 0; at < steps; at++)
      for (const took of ["no effect", "effect"] as const) {
        const lived = await day({ conversations, deaths: [{ at, took }] });
        expectPromiseKept(lived, conversations);
      }
  });

  it("whatever the transport, the luck and the deaths", async () => {
    await fc.assert(
      fc.asyncProperty(
        conversations,
        chaos,
        fc.array(death, { maxLength: 5 }),
        async (conversations, chaos, deaths) => {
          const lived = await day({ conversations, chaos, deaths });
          expectPromiseKept(lived, conversations);
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it("but for a text that was on its way when the process died, where the carrier tells nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        conversations,
        chaos,
        fc.array(death, { maxLength: 3 }),
        async (conversations, chaos, deaths) => {
          const lived = await day({ conversations, chaos, deaths, evidence: false });
          const events = places(lived.published);
          const times = Map.groupBy(lived.world.sent, (token) => token);
          // Once more for every death in the middle of it, and for a lease that ran out.
          for (const [, sendings] of times)
            expect(sendings.length).toBeLessThanOrEqual(2 + deaths.length);
          const texts = conversations.reduce((sum, count) => sum + count, 0);
          expect(times.size).toBe(texts);
          const letters = events.filter(({ type }) => type === EventDeadLettered.type);
          const sent = events.filter(({ type }) => type === "text.sent");
          expect(letters.length + sent.length).toBe(texts);
          for (const letter of letters)
            expect(EventDeadLettered.parse(letter).data).toMatchObject({ code: "unsure" });
        },
      ),
      { numRuns: 100, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it("because the commit comes before the publishing: the other way round it is decided twice", async () => {
    const conversations = [2, 1];
    const { steps } = await day({ conversations }, publishThenCommit);
    let broken = 0;
    for (let at = 0; at < steps; at++) {
      const lived = await day(
        { conversations, deaths: [{ at, took: "effect" }] },
        publishThenCommit,
      );
      try {
        places(lived.published);
      } catch {
        broken++;
      }
    }
    expect(broken).toBeGreaterThan(0);
  });
});
