import { type DataOf, type Event, event } from "@holdline/events";
import { type Once, type Stage, stage } from "@holdline/runtime";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { AnswerGiven, QuestionAsked, QuestionDropped } from "../support/around.ts";

describe("a stage", () => {
  it("may only say what it declared", () => {
    stage({
      name: "liar",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      // @ts-expect-error QuestionDropped is not among its `emits`
      run: async ({ data }) => [QuestionDropped(data)],
    });
  });

  it("may say any of what it declared, or nothing", () => {
    stage({
      name: "answerer",
      on: [QuestionAsked],
      emits: [AnswerGiven, QuestionDropped],
      run: async ({ data }) => (data.text === "" ? [QuestionDropped(data)] : [AnswerGiven(data)]),
    });
    stage({ name: "sink", on: [QuestionAsked], emits: [], run: async () => [] });
  });

  it("hears only what it asked for", () => {
    stage({
      name: "hearer",
      on: [QuestionAsked],
      emits: [],
      async run(heard) {
        expectTypeOf(heard.type).toEqualTypeOf<"question.asked">();
        // @ts-expect-error a question has no score
        return heard.data.score;
      },
    });
  });

  it("knows its state by the type it declared it with", () => {
    stage({
      name: "counter",
      on: [QuestionAsked],
      emits: [],
      state: {
        schema: z.number(),
        version: 1,
        initial: 0,
        evolve: (count, heard) => count + heard.data.text.length,
      },
      async run(_, { state }: { state: number }) {
        expectTypeOf(state).toBeNumber();
        return [];
      },
    });
  });

  it("asks for exactly the ports it names", () => {
    const sender = stage({
      name: "sender",
      on: [QuestionAsked],
      emits: [],
      async run(_, { once, send }: { once: Once; send: (text: string) => Promise<void> }) {
        await once("send", () => send("x"), { ifUnsure: "retry" });
        return [];
      },
    });
    type Given = Parameters<typeof sender.run>[1];
    expectTypeOf<Given>().toHaveProperty("send");
    expectTypeOf<Given>().not.toHaveProperty("channel");
    expectTypeOf(sender).toExtend<Stage>();
  });

  it("says what is to become of an effect nobody is sure of", () => {
    const forgetful = (once: Once) =>
      // @ts-expect-error `ifUnsure` is nobody else's to decide
      once("send", async () => 1, {});
    expectTypeOf(forgetful).toBeFunction();
  });
});

describe("an event", () => {
  it("is drafted only with the data it declared", () => {
    const wrong = () =>
      // @ts-expect-error a question without a text
      QuestionAsked({ conversationId: "c-1" });
    expectTypeOf(wrong).toBeFunction();
    expectTypeOf<DataOf<typeof QuestionAsked>>().toEqualTypeOf<{
      conversationId: string;
      text: string;
    }>();
  });

  it("has a name of two parts", () => {
    const nameless = () =>
      // @ts-expect-error a topic without a past tense
      event("question", {});
    expectTypeOf(nameless).toBeFunction();
    expectTypeOf<ReturnType<typeof QuestionAsked.parse>>().toExtend<Event>();
  });
});
