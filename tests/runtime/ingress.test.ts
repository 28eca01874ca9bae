import { type Event, EventDeadLettered } from "@holdline/events";
import {
  commitThenPublish,
  ingress,
  type PublishCommit,
  redrive,
  type StateStore,
} from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { QuestionAsked, question, start } from "../support/around.ts";
import { arriving } from "../support/make.ts";
import { memoryStore } from "../support/memory-store.ts";

/** A door over a store, and what came through it. */
function door(
  given: { store?: StateStore; commit?: (plain: PublishCommit) => PublishCommit } = {},
) {
  const store = given.store ?? memoryStore(() => start);
  const published: Event[] = [];
  const bus = { failures: 0 };
  const plain = commitThenPublish(store, {
    async publish(events) {
      if (bus.failures-- > 0) throw new Error("the bus is down");
      published.push(...events);
    },
  });
  const commit = given.commit?.(plain) ?? plain;
  const { admit } = ingress(store, commit, { now: () => new Date(start) });
  return { store, published, bus, admit };
}

const asked = (text: string, key = "c-1") => QuestionAsked({ conversationId: key, text });

describe("a door", () => {
  it("lets the first event of a conversation in, with a name and a place", async () => {
    const { admit, published } = door();
    expect(await admit("phone", "SM1", asked("a"))).toBe("new");
    expect(published).toEqual([
      {
        ...asked("a"),
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        time: "2026-01-01T00:00:00.000Z",
        cause: null,
        position: { stream: "phone/question/c-1", seq: 0 },
        heard: {},
        effects: [],
        replay: false,
      },
    ]);
  });

  it("lets the same id of the same producer in once", async () => {
    const { admit, published } = door();
    await admit("phone", "SM1", asked("a"));
    expect(await admit("phone", "SM1", asked("a"))).toBe("seen");
    expect(await admit("web", "SM1", asked("a"))).toBe("new");
    expect(await admit("phone", "SM2", asked("a"))).toBe("new");
    expect(published.map(({ position }) => position)).toEqual([
      { stream: "phone/question/c-1", seq: 0 },
      { stream: "web/question/c-1", seq: 0 },
      { stream: "phone/question/c-1", seq: 1 },
    ]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(3);
  });

  it("names an event by its origin alone, so that another process names it the same", async () => {
    const [here, there] = [door(), door()];
    await here.admit("phone", "SM1", asked("a"));
    await there.admit("phone", "SM1", asked("a"));
    expect(here.published).toEqual(there.published);
  });

  it("numbers what it is told at once in the order it was told", async () => {
    const { admit, published } = door();
    const texts = Array.from({ length: 20 }, (_, n) => `text ${n}`);
    await Promise.all(texts.map((text) => admit("phone", text, asked(text))));
    expect(published.map(({ data }) => (data as { text: string }).text)).toEqual(texts);
    expect(published.map(({ position }) => position.seq)).toEqual(texts.map((_, n) => n));
  });

  it("lets one of two copies in that come at once, through one door or two", async () => {
    const store = memoryStore(() => start);
    const [here, there] = [door({ store }), door({ store })];
    const answers = await Promise.all([
      here.admit("phone", "SM1", asked("a")),
      here.admit("phone", "SM1", asked("a")),
      there.admit("phone", "SM1", asked("a")),
    ]);
    expect(answers.sort()).toEqual(["new", "seen", "seen"]);
    expect([...here.published, ...there.published]).toHaveLength(1);
  });

  it("numbers what comes through two doors at once without a hole", async () => {
    const store = memoryStore(() => start);
    const [here, there] = [door({ store }), door({ store })];
    await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        (n % 2 ? here : there).admit("phone", `SM${n}`, asked(`${n}`)),
      ),
    );
    const seqs = [...here.published, ...there.published].map(({ position }) => position.seq);
    expect(seqs.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("keeps producers, topics and conversations apart", async () => {
    const { admit, published } = door();
    await admit("phone", "1", asked("a"));
    await admit("phone", "2", asked("b", "c-2"));
    await admit("web", "3", asked("c"));
    expect(published.map(({ position }) => position.seq)).toEqual([0, 0, 0]);
  });

  it("goes on with the next when one could not be let in", async () => {
    const { admit, bus, published } = door();
    bus.failures = 1;
    const [first, second] = await Promise.allSettled([
      admit("phone", "SM1", asked("a")),
      admit("phone", "SM2", asked("b")),
    ]);
    expect([first.status, second.status]).toEqual(["rejected", "fulfilled"]);
    expect(published.map(({ position }) => position.seq)).toEqual([0, 1]);
  });

  it("does not forget what it committed and could not publish: the carrier's next try publishes it", async () => {
    const { admit, bus, published } = door();
    bus.failures = 1;
    await expect(admit("phone", "SM1", asked("a"))).rejects.toThrow();
    expect(published).toEqual([]);
    expect(await admit("phone", "SM1", asked("a"))).toBe("seen");
    expect(published).toHaveLength(1);
  });

  it("lets nothing in when nothing was committed", async () => {
    const store = memoryStore(() => start);
    let failures = 1;
    const commit: StateStore["commit"] = async (...given) => {
      if (failures-- > 0) throw new Error("the store is busy");
      return store.commit(...given);
    };
    const { admit, published } = door({ store: { ...store, commit } });
    await expect(admit("phone", "SM1", asked("a"))).rejects.toThrow("busy");
    expect(await admit("phone", "SM1", asked("a"))).toBe("new");
    expect(published.map(({ position }) => position.seq)).toEqual([0]);
  });

  it("publishes at once what a draft wanted later: the wait is over when it comes to a door, and stays on record", async () => {
    const { admit, published } = door();
    await admit("later.x", "1", { ...asked("a"), notBefore: "2025-12-31T00:00:00.000Z" });
    expect(published[0]).toMatchObject({ notBefore: "2025-12-31T00:00:00.000Z" });
  });
});

describe("redriving a dead letter", () => {
  const letterOf = (event: unknown) =>
    arriving(
      EventDeadLettered({ conversationId: "c-1", stage: "sender", code: "c", stack: null, event }),
      { id: "letter-1", position: { stream: "sender/event/c-1", seq: 0 } },
    );

  it("sends the event again, under its own id, to the stage that gave up and to nobody else", async () => {
    const { admit, published } = door();
    const dead = question(3, {
      cause: "c",
      heard: { "a/b": 2 },
      effects: [{ name: "x", outcome: 1 }],
    });
    expect(await redrive({ admit }, letterOf(dead))).toBe("new");
    expect(published).toEqual([
      { ...dead, only: "sender", position: { stream: "redrive/sender/c-1", seq: 0 } },
    ]);
  });

  it("is the same twice as once", async () => {
    const { admit, published } = door();
    await redrive({ admit }, letterOf(question()));
    expect(await redrive({ admit }, letterOf(question()))).toBe("seen");
    expect(published).toHaveLength(1);
  });

  it("goes to the new addressee when the event had one before", async () => {
    const { admit, published } = door();
    await redrive({ admit }, letterOf(question(0, { only: "classify" })));
    expect(published[0]?.only).toBe("sender");
  });

  it("is young again: it is not too old at once", async () => {
    const { admit, published } = door();
    await redrive({ admit }, letterOf(question(0, { time: "2020-01-01T00:00:00.000Z" })));
    expect(published[0]?.time).toBe("2026-01-01T00:00:00.000Z");
  });

  it("is refused for what was never readable", async () => {
    const { admit } = door();
    await expect(redrive({ admit }, letterOf({ hello: "world" }))).rejects.toThrow(
      "no readable event",
    );
  });
});
