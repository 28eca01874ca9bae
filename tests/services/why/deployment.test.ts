import { EventDeadLettered } from "@holdline/events";
import { advanced, type Delayed } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { deploymentSource, standingInDeployment } from "../../../services/why/deployment.ts";
import { texts } from "../../support/conversation.ts";
import { arriving } from "../../support/make.ts";
import { memoryStore } from "../../support/memory-store.ts";
import { stages } from "./given.ts";

const later = (id: string, key: string): Delayed => ({
  ...{ id, due: "2026-01-01T12:00:00.000Z", producer: "classify", cause: null },
  ...{ heard: {}, effects: [], draft: { ...texts("hello"), key } },
});

/** A deployment in which classify has heard one event of each of these, and one was given up on in `c-2`. */
async function deployment(...keys: readonly string[]) {
  const store = memoryStore(Date.now);
  for (const key of keys) {
    const work = { stage: "classify", key, position: { line: "ingest/message", seq: 0 } };
    const claim = await store.claim(work, { leaseMs: 1_000, gapMs: 0 });
    if (claim.claim !== "mine") throw new Error(claim.claim);
    await store.commit(work, claim.token, {
      ...{ publish: [], seen: [], forget: [], delay: [later(`d-${key}`, key)] },
      record: advanced(claim.record, work.position),
    });
    await store.clear(work, claim.token);
  }
  const letter = arriving(
    EventDeadLettered({
      ...{ conversationId: "c-2", stage: "ingest", code: "bug", stack: null, event: null },
    }),
  );
  return { store, letters: { list: async () => [letter] }, letter };
}

describe("a deployment's conversations", () => {
  it("are those that a stage has met, or has given up on; what was given up on is all that is told", async () => {
    const of = await deployment("c-1");
    const source = deploymentSource(of, stages);
    expect(await source.conversation("c-1")).toEqual([]);
    expect(await source.conversation("c-2")).toEqual([of.letter]);
    expect(await source.conversation("c-3")).toBeUndefined();
  });

  it("are found by a dead letter of theirs", async () => {
    const of = await deployment();
    const source = deploymentSource(of, stages);
    expect(await source.conversationOf(of.letter.id)).toBe("c-2");
    expect(await source.conversationOf("nobody")).toBeUndefined();
  });

  it("stand where the stages' records say, with what is to be said later in each alone", async () => {
    const standing = await standingInDeployment(await deployment("c-1", "c-2"), "c-1", stages);
    expect(standing.stages.classify).toMatchObject({
      cursors: { "ingest/message": { next: 1 } },
    });
    expect(standing.stages["outbound-sms"]?.cursors).toEqual({});
    expect(standing.delayed.map(({ id }) => id)).toEqual(["d-c-1"]);
  });
});
