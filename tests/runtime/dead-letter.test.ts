import { EventDeadLettered } from "@holdline/events";
import { DeadLetter, Retry, stage } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { ack, answering, retry, throwing } from "../support/answering.ts";
import { AnswerGiven, around, QuestionAsked, question } from "../support/around.ts";

describe("failing", () => {
  it("is asked again, later each time, and dead-lettered in the end", async () => {
    const { deliver, letters } = answering(throwing(new Error("carrier down")));
    expect(await deliver(question())).toEqual(retry(100));
    expect(await deliver(question())).toEqual(retry(200));
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "bug", stage: "answerer" }]);
    expect(letters()[0]?.stack).toContain("carrier down");
  });

  it("is asked again when it says, and dead-lettered under its own code", async () => {
    const { deliver, letters } = answering(throwing(new Retry("bot-slow", { afterMs: 5_000 })));
    expect(await deliver(question())).toEqual(retry(5_000));
    expect(await deliver(question())).toEqual(retry(5_000));
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "bot-slow" }]);
  });

  it("is no attempt when it was only throttled", async () => {
    const throttled = new Retry("throttled", { afterMs: 10, counts: false });
    const { deliver, asked } = answering(throwing(throttled));
    for (let times = 0; times < 20; times++) expect(await deliver(question())).toEqual(retry(10));
    asked.mockImplementation(() => undefined);
    expect(await deliver(question())).toEqual(ack);
  });

  it("ends with age, however often it was only throttled", async () => {
    const throttled = new Retry("throttled", { counts: false });
    const { deliver, letters, clock } = answering(throwing(throttled));
    await deliver(question());
    clock.now += 60_001;
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "too-old" }]);
  });

  it("is given up on when it makes a stage say more than a bus can carry, and the next goes on", async () => {
    const wordy = stage({
      name: "wordy",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      run: async ({ data: { text } }) => [
        AnswerGiven({
          conversationId: "c-1",
          text: text === "question 0" ? "€".repeat(70_000) : text,
        }),
      ],
    });
    const { deliver, letters, answers } = around(wordy);
    expect(await deliver(question(0))).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "too-large", stage: "wordy" }]);
    expect(await deliver(question(1))).toEqual(ack);
    expect(answers().map(({ data }) => data.text)).toEqual(["question 1"]);
  });

  it("keeps to the stage's own patience where it has one", async () => {
    const hasty = stage({
      name: "hasty",
      on: [QuestionAsked],
      emits: [],
      retry: { attempts: 1 },
      run: throwing(new Error("no")),
    });
    const { deliver, letters } = around(hasty);
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toHaveLength(1);
  });

  it("counts the attempts of each event apart", async () => {
    const { deliver, letters } = answering((text) => {
      if (text === "question 0") throw new Error("only this one");
    });
    await deliver(question(0));
    await deliver(question(0));
    await deliver(question(0));
    expect(await deliver(question(1))).toEqual(ack);
    expect(letters()).toHaveLength(1);
  });
});

describe("a dead letter", () => {
  it("is made at once of what asking again cannot help", async () => {
    const { deliver, letters, deliveries } = answering(throwing(new DeadLetter("no-such-number")));
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "no-such-number" }]);
    expect(deliveries).toMatchObject([{ outcome: "dead-lettered", code: "no-such-number" }]);
  });

  it("holds the event whole", async () => {
    const { deliver, letters } = answering(throwing(new DeadLetter("no")));
    await deliver(question(0, { heard: { "a/b": 1 }, effects: [{ name: "x", outcome: 1 }] }));
    expect(letters()[0]?.event).toEqual(
      question(0, { heard: { "a/b": 1 }, effects: [{ name: "x", outcome: 1 }] }),
    );
  });

  it("is an event like any other, in the conversation it is about", async () => {
    const { deliver, published } = answering(throwing(new DeadLetter("no")));
    await deliver(question(0));
    await deliver(question(1));
    expect(published).toMatchObject([
      { cause: question(0).id, key: "c-1", position: { stream: "answerer/event/c-1", seq: 0 } },
      { cause: question(1).id, key: "c-1", position: { stream: "answerer/event/c-1", seq: 1 } },
    ]);
  });

  it("blocks nothing behind it", async () => {
    const { deliver, asked, answers } = answering((text) => {
      if (text === "question 0") throw new DeadLetter("no");
    });
    await deliver(question(0));
    expect(await deliver(question(0))).toEqual(ack);
    await deliver(question(1));
    expect(asked).toHaveBeenCalledTimes(2);
    expect(answers()).toHaveLength(1);
  });

  it.each([
    ["data that does not fit", { data: { conversationId: "c-1" } }, "unreadable"],
    ["a version it does not know", { version: 9 }, "unknown-version"],
  ])("is made of %s, and the conversation goes on", async (_, known, code) => {
    const { deliver, letters, asked } = answering();
    expect(await deliver(question(0, known))).toEqual(ack);
    expect(letters()).toMatchObject([{ code, event: question(0, known) }]);
    await deliver(question(1));
    expect(asked).toHaveBeenCalledOnce();
  });

  it.each([
    ["an object that is no event", { hello: "world" }],
    ["a text", "hello"],
    ["nothing", null],
    ["an event without a place", { ...question(), position: undefined }],
  ])("is made of %s, once, under a key of its own", async (_, raw) => {
    const { deliver, published } = answering();
    const came = JSON.parse(JSON.stringify(raw));
    expect(await deliver(came)).toEqual(ack);
    expect(await deliver(came)).toEqual(ack);
    expect(published).toHaveLength(1);
    const letter = EventDeadLettered.parse(published[0]);
    expect(letter.key).toMatch(/^u_[0-9a-f]{32}$/);
    expect(letter.data).toMatchObject({ code: "unreadable", event: came });
  });
});
