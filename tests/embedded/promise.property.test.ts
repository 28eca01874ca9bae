import { commitIsPublish } from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conversations } from "../../packages/embedded/conversations.ts";
import { type Database, openDatabase } from "../../packages/embedded/database.ts";
import { embeddedLog } from "../../packages/embedded/log.ts";
import { embeddedStore } from "../../packages/embedded/store.ts";
import { live } from "../support/bad-day.ts";
import type { Death } from "../support/crashing.ts";
import { ownFolder } from "../support/folder.ts";
import { expectPromiseKept } from "../support/promise-kept.ts";

/** A day over a folder that each process opens anew, without the one before having said goodbye. */
async function day(
  given: { conversations: number[]; chaos: number[]; deaths: Death[] },
  folder: string,
) {
  const clock = { now: Date.parse("2026-01-01T00:00:00.000Z") };
  let database: Database | undefined;
  const open = async () => {
    await database?.close();
    database = await openDatabase(folder);
    const numbers = conversations(database, 3);
    const log = embeddedLog(database, numbers, { atOnce: 8, inHand: 100, tail: 3 });
    const options = {
      now: () => clock.now,
      seenForMs: 1e9,
      marksForMs: 1e9,
      cached: 2,
      outbox: false,
    };
    const store = embeddedStore(database, numbers, log.append, options);
    return {
      store,
      publish: log.publish,
      commit: commitIsPublish,
      published: () => log.read(1, 10_000).map(({ event }) => event),
    };
  };
  try {
    return await live({ ...given, evidence: true, ordered: true, clock, open });
  } finally {
    await database?.close();
  }
}

const luck = Array.from({ length: 97 }, (_, n) => ((n * 61) % 97) / 97);

describe("on one machine, each conversation's events are acted on once, in order, and decided once", () => {
  it("wherever the process dies and the folder is opened again", async () => {
    const conversations = [2, 1];
    const { steps } = await day({ conversations, chaos: luck, deaths: [] }, ownFolder());
    expect(steps).toBeGreaterThan(20);
    for (let at = 0; at < steps; at += 5) {
      const took = at % 2 ? "effect" : "no effect";
      const lived = await day({ conversations, chaos: luck, deaths: [{ at, took }] }, ownFolder());
      expectPromiseKept(lived, conversations);
    }
  }, 120_000);

  it("whatever the luck and the deaths", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20, maxLength: 60 }),
        fc.array(
          fc.record({
            at: fc.integer({ min: 0, max: 80 }),
            took: fc.constantFrom("effect" as const, "no effect" as const),
          }),
          { maxLength: 3 },
        ),
        async (conversations, chaos, deaths) => {
          const lived = await day({ conversations, chaos, deaths }, ownFolder());
          expectPromiseKept(lived, conversations);
        },
      ),
      { numRuns: 8, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);
});
