import { DeadLetter, later, type StateStore, stage } from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { ack, retry } from "../support/answering.ts";
import {
  AnswerGiven,
  around,
  QuestionAsked,
  QuestionDropped,
  question,
} from "../support/around.ts";
import { arriving, at } from "../support/make.ts";
import { memoryStore } from "../support/memory-store.ts";

const Known = z.object({ heard: z.array(z.string()) });
type Known = z.infer<typeof Known>;

/** Remembers all it hears and says, and shows what it knew when it was asked. */
function remembering(
  given: { store?: StateStore; version?: number; upcast?: (old: unknown) => Known } = {},
) {
  const knew = vi.fn((_: Known) => undefined);
  const { store, version = 1, upcast } = given;
  const rememberer = stage({
    name: "rememberer",
    on: [QuestionAsked],
    emits: [AnswerGiven],
    state: {
      schema: Known,
      version,
      initial: { heard: [] } as Known,
      evolve: (known, { type, data }) => ({ heard: [...known.heard, `${type}: ${data.text}`] }),
      ...(upcast && { upcast }),
    },
    async run({ data, time }, { state }: { state: Known }) {
      knew(state);
      if (data.text === "hopeless") throw new DeadLetter("hopeless");
      const answer = AnswerGiven({ ...data, text: "yes" });
      return data.text === "later" ? [answer, later(answer, time, 1_000)] : [answer];
    },
  });
  return { ...around(rememberer, store && { store }), knew };
}

const asking = (text: string, seq = 0) => question(seq, { data: { conversationId: "c-1", text } });

describe("what a stage knows", () => {
  it("is its initial state, until it has heard something", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("a"));
    expect(knew).toHaveBeenLastCalledWith({ heard: [] });
  });

  it("is what it heard and then what it said, from before the event", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("a"));
    await deliver(asking("b", 1));
    expect(knew).toHaveBeenLastCalledWith({ heard: ["question.asked: a", "answer.given: yes"] });
  });

  it("is told apart by conversation", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("a"));
    const other = { conversationId: "c-2", text: "b" };
    await deliver(arriving(QuestionAsked(other), at(0, "phone/question/c-2")));
    expect(knew).toHaveBeenLastCalledWith({ heard: [] });
  });

  it("does not change by a sibling it did not ask for", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("a"));
    const dropped = QuestionDropped({ conversationId: "c-1", text: "x" });
    await deliver(arriving(dropped, at(1, "phone/question/c-1")));
    await deliver(asking("b", 2));
    expect(knew).toHaveBeenLastCalledWith({ heard: ["question.asked: a", "answer.given: yes"] });
  });

  it("does not change by what was dead-lettered", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("hopeless"));
    await deliver(asking("b", 1));
    expect(knew).toHaveBeenLastCalledWith({ heard: [] });
  });

  it("does not change by a draft that nobody has heard yet", async () => {
    const { deliver, knew } = remembering();
    await deliver(asking("later"));
    await deliver(asking("b", 1));
    const heard = knew.mock.lastCall?.[0].heard;
    expect(heard).toEqual(["question.asked: later", "answer.given: yes"]);
  });

  it("is read by the newer version of the stage as that one says", async () => {
    const store = memoryStore(() => 0);
    const before = remembering({ store });
    await before.deliver(asking("a"));
    const { deliver, knew } = remembering({
      store,
      version: 2,
      upcast: (old) => ({ heard: [`${(old as Known).heard.length} before`] }),
    });
    await deliver(asking("b", 1));
    expect(knew).toHaveBeenLastCalledWith({ heard: ["2 before"] });
    await deliver(asking("c", 2));
    expect(knew.mock.lastCall?.[0].heard).toHaveLength(3);
  });

  it("is not guessed at: a state of another version is for a person", async () => {
    const store = memoryStore(() => 0);
    await remembering({ store }).deliver(asking("a"));
    const { deliver, knew, letters } = remembering({ store, version: 2 });
    expect(await deliver(asking("b", 1))).toEqual(ack);
    expect(knew).not.toHaveBeenCalled();
    expect(letters()).toMatchObject([{ code: "unknown-state-version" }]);
  });

  it("is not asked for when a sibling comes", async () => {
    const store = memoryStore(() => 0);
    await remembering({ store }).deliver(asking("a"));
    const { deliver, letters } = remembering({ store, version: 2 });
    const dropped = QuestionDropped({ conversationId: "c-1", text: "x" });
    expect(await deliver(arriving(dropped, at(1, "phone/question/c-1")))).toEqual(ack);
    expect(letters()).toEqual([]);
  });
});

describe("a delayed draft", () => {
  it("is kept and not published, and takes no number", async () => {
    const { deliver, answers, store } = remembering();
    await deliver(asking("later"));
    await deliver(asking("b", 1));
    expect(answers().map(({ position }) => position.seq)).toEqual([0, 1]);
    expect(await store.due("2026-01-01T00:00:01.000Z", 9)).toMatchObject([
      { producer: "rememberer", cause: question(0).id, draft: { type: "answer.given" } },
    ]);
  });

  it("is published at once when its time has passed already", async () => {
    const { deliver, answers, store, clock } = remembering();
    clock.now += 1_000;
    await deliver(asking("later"));
    expect(answers()).toHaveLength(2);
    expect(answers()[1]).not.toHaveProperty("notBefore");
    expect(await store.due("2099-01-01T00:00:00.000Z", 9)).toEqual([]);
  });

  it("is counted from the event's own time", () => {
    expect(later({ text: "x" }, "2026-01-01T00:00:59.500Z", 1_000)).toEqual({
      text: "x",
      notBefore: "2026-01-01T00:01:00.500Z",
    });
  });
});

describe("a run that goes wrong after deciding", () => {
  it("has decided nothing when the commit fails", async () => {
    const store = memoryStore(() => 0);
    let failures = 1;
    const commit: StateStore["commit"] = async (...given) => {
      if (failures-- > 0) throw new Error("the store is busy");
      return store.commit(...given);
    };
    const { deliver, knew, answers } = remembering({ store: { ...store, commit } });
    expect(await deliver(asking("a"))).toEqual(retry(100));
    expect(await deliver(asking("a"))).toEqual(ack);
    expect(knew).toHaveBeenCalledTimes(2);
    expect(answers()).toHaveLength(1);
  });
});
