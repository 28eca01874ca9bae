import { embedded } from "@holdline/embedded";
import { commitIsPublish, deliverTo, stage } from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { ack } from "../support/answering.ts";
import {
  AnswerGiven,
  around,
  policy,
  QuestionAsked,
  QuestionDropped,
  question,
} from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving, at } from "../support/make.ts";

/** Answers no question until one was dropped. */
const sulking = stage({
  name: "sulking",
  on: [QuestionAsked, QuestionDropped],
  emits: [AnswerGiven],
  state: {
    schema: z.boolean(),
    version: 1,
    initial: false,
    evolve: (awake: boolean, { type }) => awake || type === "question.dropped",
  },
  async run({ type, data }, { state }: { state: boolean }) {
    return type === "question.asked" && state ? [AnswerGiven(data)] : [];
  },
});

const dropped = arriving(
  QuestionDropped({ conversationId: "c-1", text: "never mind" }),
  at(0, "web/question/c-1"),
);

describe("on a transport that keeps order", () => {
  it("nothing is early: what is missing was not for this stage", async () => {
    const run = vi.fn(async () => []);
    const hearer = stage({ name: "hearer", on: [QuestionAsked], emits: [], run });
    const { deliver, deliveries } = around(hearer, { ordered: true });
    expect(await deliver(question(3))).toEqual(ack);
    expect(await deliver(question(7))).toEqual(ack);
    expect(run).toHaveBeenCalledTimes(2);
    expect(deliveries).toMatchObject([{ outcome: "run" }, { outcome: "run" }]);
  });

  it("a sibling is passed over without asking the store", async () => {
    const hearer = stage({ name: "hearer", on: [QuestionAsked], emits: [], run: async () => [] });
    const { deliver, store } = around(hearer, { ordered: true });
    const claim = vi.spyOn(store, "claim");
    expect(await deliver(dropped)).toEqual(ack);
    expect(claim).not.toHaveBeenCalled();
  });

  it("what was nothing to a stage stays nothing, however much it learns afterwards", async () => {
    const { deliver, answers } = around(sulking, { ordered: true });
    await deliver(question(0));
    await deliver(dropped);
    expect(await deliver(question(0))).toEqual(ack);
    expect(answers()).toEqual([]);
    await deliver(question(1));
    expect(answers()).toHaveLength(1);
  });

  it("what was nothing stays nothing in the next process too", async () => {
    const folder = ownFolder();
    const open = async () => {
      const machine = await embedded({ folder, cached: 2 });
      const commit = commitIsPublish(machine.store);
      const surroundings = {
        ...around(sulking).surroundings,
        store: machine.store,
        commit,
        ordered: true,
      };
      return { machine, deliver: deliverTo(sulking, { ...surroundings, policy }) };
    };
    const first = await open();
    await first.deliver(question(0));
    // Others pass through memory meanwhile, more than it holds.
    for (const key of ["c-2", "c-3", "c-4", "c-5"])
      await first.deliver({ ...question(0, at(0, `phone/question/${key}`)), key });
    await first.deliver(dropped);
    await first.machine.close();

    const second = await open();
    expect(await second.deliver(question(0))).toEqual(ack);
    expect(second.machine.log.conversation("c-1")).toEqual([]);
    await second.deliver(question(1));
    expect(second.machine.log.conversation("c-1")).toHaveLength(1);
    await second.machine.close();
  });
});

describe("on a transport that keeps no order", () => {
  it("what was nothing to a stage is written at once: it is not brought again, and the next would wait", async () => {
    const { deliver, store } = around(sulking);
    const commit = vi.spyOn(store, "commit");
    await deliver(question(0));
    expect(commit).toHaveBeenCalledOnce();
    expect(commit.mock.lastCall?.[2]).toMatchObject({ lazily: false });
  });
});
