import { stage } from "@holdline/runtime";
import { vi } from "vitest";
import { AnswerGiven, around, QuestionAsked } from "./around.ts";

/** Answers every question with the question, unless told what else to do. */
export function answering(run: (text: string) => unknown = () => undefined) {
  const asked = vi.fn(run);
  const answerer = stage({
    name: "answerer",
    on: [QuestionAsked],
    emits: [AnswerGiven],
    async run({ data }) {
      await asked(data.text);
      return [AnswerGiven(data)];
    },
  });
  return { ...around(answerer), asked };
}

/** A run that always goes wrong. */
export const throwing = (error: Error) => () => {
  throw error;
};

/** Forget it. */
export const ack = { verdict: "ack" };
/** Bring it again. */
export const retry = (afterMs: number) => ({ verdict: "retry", afterMs });
