import { type Event, topicOf } from "@holdline/events";
import {
  commitThenPublish,
  type Delayed,
  ingress,
  publishDue,
  type StateStore,
} from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import { AnswerGiven, start } from "../support/around.ts";
import { memoryStore } from "../support/memory-store.ts";

const draftDue = (id: string, afterMs: number): Delayed => ({
  id,
  due: new Date(start + afterMs).toISOString(),
  producer: "answerer",
  cause: "e-1",
  draft: AnswerGiven({ conversationId: "c-1", text: id }),
  heard: { "phone/question": 4 },
  effects: [{ name: "look", outcome: true }],
});

/** A store with delayed drafts in it, published by a clock the test moves. */
async function waiting(...delay: readonly Delayed[]) {
  const clock = { now: start };
  const store = memoryStore(() => clock.now);
  const claim = await store.claim({ stage: "answerer", key: "c-1" }, { leaseMs: 0, gapMs: 0 });
  if (claim.claim !== "mine") throw new Error("the store is not new");
  const { record, token } = claim;
  const work = { stage: "answerer", key: "c-1" };
  await store.commit(work, token, { record, publish: [], delay, seen: [], forget: [] });
  await store.clear(work, token);
  const published: Event[] = [];
  const bus = { failures: 0 };
  const transport = {
    async publish(events: readonly Event[]) {
      if (bus.failures-- > 0) throw new Error("the bus is down");
      published.push(...events);
    },
  };

  /** Publishes until nothing is due any more. Without `failed` the first failure is the end. */
  async function tick(failed?: (error: unknown) => void) {
    const stop = new AbortController();
    const own: StateStore = {
      ...store,
      async due(now, limit) {
        const due = await store.due(now, limit);
        if (due.length === 0) stop.abort();
        return due;
      },
    };
    const now = () => new Date(clock.now);
    const door = ingress(own, commitThenPublish(own, transport), { now });
    const terms = { now, everyMs: 1, signal: stop.signal, ...(failed && { failed }) };
    await publishDue(own, door, terms);
  }
  return { clock, store, published, bus, tick };
}

describe("a delayed draft", () => {
  it("is published when it is due and not before", async () => {
    const { clock, published, tick } = await waiting(draftDue("a", 1_000));
    await tick();
    expect(published).toEqual([]);
    clock.now += 1_000;
    await tick();
    expect(published).toHaveLength(1);
    await tick();
    expect(published).toHaveLength(1);
  });

  it("keeps the id, the cause and all else from when it was drafted, and gets a stream of its own", async () => {
    const { clock, published, tick } = await waiting(draftDue("a", 1_000));
    clock.now += 2_500;
    await tick();
    expect(published).toEqual([
      {
        ...draftDue("a", 0).draft,
        notBefore: "2026-01-01T00:00:01.000Z",
        id: "a",
        time: "2026-01-01T00:00:02.500Z",
        cause: "e-1",
        position: { stream: "later.answerer/answer/c-1", seq: 0 },
        heard: { "phone/question": 4 },
        effects: [{ name: "look", outcome: true }],
        replay: false,
      },
    ]);
  });

  it("comes in the order it became due", async () => {
    const { clock, published, tick } = await waiting(draftDue("b", 20), draftDue("a", 10));
    clock.now += 1_000;
    await tick();
    expect(published.map(({ id, position }) => [id, position.seq])).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    expect(published.map(({ type }) => topicOf(type))).toEqual(["answer", "answer"]);
  });

  it("is published once when it could not be dropped at first", async () => {
    const { store, published, tick } = await waiting(draftDue("a", 0));
    const drop = store.dropDelayed;
    let failures = 1;
    store.dropDelayed = async (id) => {
      if (failures-- > 0) throw new Error("the process died here");
      await drop(id);
    };
    await expect(tick()).rejects.toThrow("died here");
    await tick();
    expect(published).toHaveLength(1);
  });

  it("holds up its own conversation and no other when it cannot be published", async () => {
    const other = AnswerGiven({ conversationId: "c-2", text: "other" });
    const { clock, store, published, tick } = await waiting(draftDue("a", 0), draftDue("b", 1), {
      ...draftDue("c", 2),
      draft: other,
    });
    clock.now += 2;
    const drop = store.dropDelayed;
    let failures = 1;
    store.dropDelayed = async (id) => {
      if (id === "a" && failures-- > 0) throw new Error("the store is busy");
      await drop(id);
    };
    const failed = vi.fn();
    await tick(failed);
    expect(failed).toHaveBeenCalledOnce();
    expect(published.map(({ id }) => id)).toEqual(["a", "c", "b"]);
  });

  it("is not lost when the bus was down", async () => {
    const { published, bus, tick } = await waiting(draftDue("a", 0), draftDue("b", 0));
    bus.failures = 3;
    const failed = vi.fn();
    await tick(failed);
    expect(failed).toHaveBeenCalledTimes(3);
    expect(published.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
