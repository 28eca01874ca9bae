import { derivedId, Retry, stage } from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import { ack, answering, retry } from "../support/answering.ts";
import {
  AnswerGiven,
  around,
  policy,
  QuestionAsked,
  QuestionDropped,
  question,
  start,
} from "../support/around.ts";
import { arriving, at } from "../support/make.ts";

describe("delivering to a stage", () => {
  it("runs it once, however often an event comes", async () => {
    const { deliver, asked, answers } = answering();
    expect(await deliver(question())).toEqual(ack);
    expect(await deliver(question())).toEqual(ack);
    expect(asked).toHaveBeenCalledOnce();
    expect(answers()).toHaveLength(1);
  });

  it("runs it once when two copies come at the same moment", async () => {
    const { deliver, asked } = answering();
    expect(await Promise.all([deliver(question()), deliver(question())])).toEqual([
      ack,
      retry(100),
    ]);
    expect(asked).toHaveBeenCalledOnce();
  });

  it("names, places and dates what the stage says", async () => {
    const { deliver, published, clock } = answering();
    await deliver(question(0));
    clock.now += 5;
    await deliver(question(1));
    expect(published[1]).toEqual({
      ...AnswerGiven({ conversationId: "c-1", text: "question 1" }),
      id: derivedId(question(1).id, "answerer", "answer.given", 0),
      time: new Date(start + 5).toISOString(),
      cause: question(1).id,
      position: { stream: "answerer/answer/c-1", seq: 1 },
      heard: { "phone/question": 1 },
      effects: [],
      replay: false,
    });
  });

  it("does not hand on who an event was for", async () => {
    const { deliver, published } = answering();
    await deliver(question(0, { only: "answerer" }));
    expect(published[0]).not.toHaveProperty("only");
  });

  it("numbers each topic by itself, without holes", async () => {
    const chatty = stage({
      name: "chatty",
      on: [QuestionAsked],
      emits: [AnswerGiven, QuestionDropped],
      run: async ({ data }) => [AnswerGiven(data), QuestionDropped(data), AnswerGiven(data)],
    });
    const { deliver, published } = around(chatty);
    await deliver(question(0));
    await deliver(question(1));
    expect(published.map(({ position }) => position)).toEqual([
      { stream: "chatty/answer/c-1", seq: 0 },
      { stream: "chatty/question/c-1", seq: 0 },
      { stream: "chatty/answer/c-1", seq: 1 },
      { stream: "chatty/answer/c-1", seq: 2 },
      { stream: "chatty/question/c-1", seq: 1 },
      { stream: "chatty/answer/c-1", seq: 3 },
    ]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(6);
  });

  it("refuses to speak about another conversation", async () => {
    const gossip = stage({
      name: "gossip",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      run: async () => [AnswerGiven({ conversationId: "c-2", text: "have you heard" })],
    });
    const { deliver, answers, deliveries } = around(gossip);
    expect(await deliver(question())).toEqual(retry(100));
    expect(answers()).toEqual([]);
    expect(deliveries).toMatchObject([{ outcome: "retry", code: "bug" }]);
  });

  it("tells what a delivery came to, without a word of what was said", async () => {
    const { deliver, deliveries } = answering();
    await deliver(question());
    await deliver(question());
    const about = { stage: "answerer", event: question().id, type: "question.asked", key: "c-1" };
    expect(deliveries).toEqual([
      { ...about, outcome: "run", attempt: 1, late: false, gap: 0 },
      { ...about, outcome: "seen" },
    ]);
  });
});

describe("order", () => {
  it("holds an early event back, longer and longer", async () => {
    const { deliver, asked, clock } = answering();
    expect(await deliver(question(1))).toEqual(retry(1_000));
    clock.now += 4_800;
    expect(await deliver(question(1))).toEqual(retry(2_400));
    expect(asked).not.toHaveBeenCalled();
  });

  it("never holds back for more than half a minute at a time", async () => {
    const patient = around(
      stage({ name: "patient", on: [QuestionAsked], emits: [], run: async () => [] }),
      { policy: { ...policy, gapMs: 600_000 } },
    );
    await patient.deliver(question(1));
    patient.clock.now += 300_000;
    expect(await patient.deliver(question(1))).toEqual(retry(30_000));
  });

  it("runs events in order when they come in another", async () => {
    const { deliver, asked } = answering();
    await deliver(question(1));
    await deliver(question(0));
    await deliver(question(1));
    expect(asked.mock.calls).toEqual([["question 0"], ["question 1"]]);
  });

  it("goes on without what does not come, and runs it late when it does", async () => {
    const { deliver, deliveries, asked, clock } = answering();
    await deliver(question(2));
    clock.now += 5_000;
    expect(await deliver(question(2))).toEqual(ack);
    expect(await deliver(question(0))).toEqual(ack);
    expect(asked.mock.calls).toEqual([["question 2"], ["question 0"]]);
    expect(deliveries.slice(1)).toMatchObject([
      { outcome: "run", gap: 2 },
      { outcome: "run", late: true },
    ]);
  });

  it("does not overtake one that is being tried again, however long that takes", async () => {
    let throttled = true;
    const ran: string[] = [];
    const shy = stage({
      name: "shy",
      on: [QuestionAsked],
      emits: [],
      async run({ data }) {
        if (throttled) throw new Retry("paced", { afterMs: 1_000, counts: false });
        ran.push(data.text);
        return [];
      },
    });
    const { deliver, clock } = around(shy);
    for (let seconds = 0; seconds < 30; seconds++) {
      await deliver(question(0));
      await deliver(question(1));
      clock.now += 1_000;
    }
    throttled = false;
    await deliver(question(1));
    await deliver(question(0));
    await deliver(question(1));
    expect(ran).toEqual(["question 0", "question 1"]);
  });

  it("waits for nobody across streams", async () => {
    const { deliver, asked } = answering();
    await deliver(question(1));
    await deliver(question(0, at(0, "later.answerer/question/c-1")));
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe("what is not for the stage", () => {
  it("passes over a replayed event, and leaves its place free", async () => {
    const { deliver, asked } = answering();
    expect(await deliver(question(0, { replay: true }))).toEqual(ack);
    expect(asked).not.toHaveBeenCalled();
    await deliver(question());
    expect(asked).toHaveBeenCalledOnce();
  });

  it("passes over what is for another stage only", async () => {
    const { deliver, asked } = answering();
    expect(await deliver(question(0, { only: "outbound-sms" }))).toEqual(ack);
    expect(asked).not.toHaveBeenCalled();
    expect(await deliver(question(0, { only: "answerer" }))).toEqual(ack);
    expect(asked).toHaveBeenCalledOnce();
  });

  it("passes over a stream that can hold nothing it asked for, whatever the order", async () => {
    const run = vi.fn(async () => []);
    const { deliver } = around(stage({ name: "deaf", on: [QuestionAsked], emits: [], run }), {
      relevant: (stream) => !stream.startsWith("phone/"),
    });
    expect(await deliver(question(7))).toEqual(ack);
    expect(await deliver(question(0, at(0, "chat/question/c-1")))).toEqual(ack);
    expect(run).toHaveBeenCalledOnce();
  });

  it("passes over a sibling without losing its place", async () => {
    const { deliver, asked, letters } = answering();
    const sibling = QuestionDropped({ conversationId: "c-1", text: "never mind" });
    expect(await deliver(arriving(sibling, at(0, "phone/question/c-1")))).toEqual(ack);
    expect(await deliver(question(1))).toEqual(ack);
    expect(asked).toHaveBeenCalledOnce();
    expect(letters()).toEqual([]);
  });
});
