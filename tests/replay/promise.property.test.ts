import { type Event, topicOf } from "@holdline/events";
import { outOfReach, type Run, replayed } from "@holdline/replay";
import { relevance, type Stage } from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stagesOfTheDay, TextNoticed, TextRead, watch } from "../support/bad-day.ts";
import { calm, chaos, conversations, day, death } from "../support/day-in-memory.ts";
import { places } from "../support/promise-kept.ts";

/** All runs of all stages over what a day has left, in whatever order it is read. */
async function rerun(published: readonly Event[], keys: number, stages = stagesOfTheDay) {
  const end = published.reduce((end, { time }) => (time > end ? time : end), "");
  const runs: Run[] = [];
  for (let k = 0; k < keys; k++) {
    const conversation = published
      .filter(({ key }) => key === `c-${k}`)
      .map((event) => ({ event, body: JSON.stringify(event) }));
    for (const stage of stages) {
      // What this stage draws is no effect and not reproducible: taken from the recording, in order.
      const draws = conversation
        .filter(({ event }) => event.type === TextRead.type && topicOf(event.type) === "text")
        .toSorted((a, b) => a.event.position.seq - b.event.position.seq)
        .map(({ event }) => (event.data as { draw: number }).draw);
      const world = {
        ...{ send: outOfReach("send"), look: outOfReach("look") },
        draw: () => draws.shift(),
      };
      const relevant = relevance(stage, stagesOfTheDay);
      const given = { stage, relevant, conversation, whole: true, end, ports: { world } };
      for await (const run of replayed(given)) runs.push(run);
    }
  }
  return runs;
}

const differing = (runs: readonly Run[]) => runs.filter(({ verdict }) => verdict !== "equal");

describe("a replay of a bad day", () => {
  it("says to the byte what was said, whatever the transport, the luck and the deaths, in any order", async () => {
    await fc.assert(
      fc.asyncProperty(
        conversations,
        chaos,
        fc.array(death, { maxLength: 3 }),
        fc.infiniteStream(fc.integer()),
        async (conversations, chaos, deaths, shuffle) => {
          const { published } = await day({ conversations, chaos, deaths });
          const all = places(published).map((event) => ({ event, at: shuffle.next().value }));
          const shuffled = all.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
          const runs = await rerun(shuffled, conversations.length);
          expect(differing(runs)).toEqual([]);
          expect(runs.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it("shows each run of a stage that would decide otherwise, and no other", async () => {
    const { published } = await day({ conversations: [3, 2], chaos: calm });
    const events = places(published);
    const mute = { ...watch, run: async () => [] } as unknown as Stage;
    const runs = await rerun(events, 2, [mute]);
    const noticed = events.filter(({ type }) => type === TextNoticed.type).map(({ id }) => id);
    expect(noticed.length).toBeGreaterThan(0);
    const dropped = runs.flatMap(({ changes }) =>
      changes.map((change) => (change.change === "dropped" ? change.past.id : change.change)),
    );
    expect(dropped.sort()).toEqual(noticed.sort());
    expect(differing(runs).length).toBe(noticed.length);
  });
});
