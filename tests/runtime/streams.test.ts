import { relevance, topicsOf } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { AnswerGiven, QuestionAsked, QuestionDropped } from "../support/around.ts";

const asker = { name: "asker", emits: [QuestionAsked, AnswerGiven] };
const dropper = { name: "dropper", emits: [QuestionDropped] };
const hearer = { on: [QuestionAsked] };

describe("the topics of a stage", () => {
  it("are those it hears something of, each once", () => {
    expect(topicsOf({ on: [QuestionAsked, QuestionDropped, AnswerGiven] })).toEqual([
      "question",
      "answer",
    ]);
  });
});

describe("a stream", () => {
  const relevant = relevance(hearer, [asker, dropper]);

  it("matters when it can hold something the stage asked for", () => {
    expect(relevant("asker/question/c-1")).toBe(true);
  });

  it("does not matter when it never can", () => {
    expect(relevant("dropper/question/c-1")).toBe(false);
    expect(relevant("asker/answer/c-1")).toBe(false);
  });

  it("matters when nobody knows its producer: a door, a redrive, a delayed draft", () => {
    expect(relevant("phone/question/c-1")).toBe(true);
    expect(relevant("redrive/hearer/c-1")).toBe(true);
    expect(relevant("later.dropper/question/c-1")).toBe(true);
  });

  it("is told apart by producer and topic, whatever the key", () => {
    expect(relevant("dropper/question/asker/question/c-1")).toBe(false);
  });
});
