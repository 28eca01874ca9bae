import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holding } from "../../support/holding.ts";

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant("say"), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant("shuffle"), count: fc.integer({ min: 2, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("drop"), count: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("repeat"), count: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("refuse"), count: fc.integer({ min: 1, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("restart"), count: fc.constant(0) }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant("wait"), count: fc.integer({ min: 1, max: 30 }) }),
  },
);

describe("a socket holder", () => {
  it("lets every item in once and in order, whatever is dropped, repeated or reordered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
        await using world = await holding({
          holdBackMs: 60,
          heartbeatMs: 60,
          lifeMs: 20_000,
          speed: 100,
        });
        const { fake, chat, start, admitted, refuse } = world;
        const one = await chat();
        let holder = start();
        let shuffled = false;
        const allAdmitted = () => fake.until(() => admitted.length === one.transcript.length);
        const acts: Record<string, (count: number) => unknown> = {
          say: (count) => {
            for (let n = 0; n < count; n++) fake.say(one, "said");
          },
          shuffle: (count) => {
            const items = Array.from({ length: count }, () => fake.write(one, { Content: "said" }));
            // Backwards is as much disorder as there can be.
            for (const item of items.toReversed()) fake.push(one, item);
            shuffled = true;
          },
          drop: async (count) => {
            // A loss in the middle of disorder could let a later item through alone, which is allowed.
            if (shuffled) await allAdmitted();
            shuffled = false;
            for (let n = 0; n < count; n++) fake.write(one, { Content: "missed" });
            fake.drop(one);
          },
          repeat: (count) => {
            for (const item of one.transcript.slice(-count)) fake.push(one, item);
          },
          refuse: (count) => {
            refuse.next = count;
          },
          restart: async () => {
            const old = holder;
            holder = start();
            await old.stop();
          },
          wait: async (count) => {
            for (let n = 0; n < count; n++) await setImmediate();
          },
        };
        for (const { does, count } of actions) await acts[does]?.(count);
        await allAdmitted();
        expect(admitted.map(({ id }) => id)).toEqual(one.transcript.map(({ Id }) => Id));
        expect(one.mostSockets).toBeLessThanOrEqual(5);
      }),
      { numRuns: 40 },
    );
  });
});
