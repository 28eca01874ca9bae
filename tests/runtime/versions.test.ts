import { event } from "@holdline/events";
import { stage } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ack } from "../support/answering.ts";
import { AnswerGiven, around, QuestionAsked, question } from "../support/around.ts";
import { arriving, at } from "../support/make.ts";

/** What a later release might make of a question: who asks, and the words one by one. */
const QuestionAskedV2 = event(
  "question.asked",
  { words: z.array(z.string()), asker: z.string() },
  {
    after: QuestionAsked,
    upcast: ({ text, ...old }) => ({ ...old, words: text.split(" "), asker: "nobody" }),
  },
);

const Known = z.object({ askers: z.array(z.string()) });
type Known = z.infer<typeof Known>;

/** A stage of the later release: it knows the second version alone. */
const upToDate = stage({
  name: "up-to-date",
  on: [QuestionAskedV2],
  emits: [AnswerGiven],
  state: {
    schema: Known,
    version: 1,
    initial: { askers: [] } as Known,
    evolve: (known, { type, data }) =>
      type === "question.asked" ? { askers: [...known.askers, data.asker] } : known,
  },
  async run({ data, version }, { state }: { state: Known }) {
    const { conversationId, words } = data;
    const text = `v${version}: ${words.length} words after ${state.askers.join(",") || "none"}`;
    return [AnswerGiven({ conversationId, text })];
  },
});

const first = question(0);
const second = arriving(
  QuestionAskedV2({ conversationId: "c-1", words: ["and", "now?"], asker: "Ann" }),
  at(1, "phone/question/c-1"),
);

describe("an event of an earlier version", () => {
  it("still runs, and is known, beside those of the version that came after it", async () => {
    const { deliver, answers } = around(upToDate);
    expect(await deliver(first)).toEqual(ack);
    expect(await deliver(second)).toEqual(ack);
    expect(await deliver(question(2))).toEqual(ack);
    expect(answers().map(({ data }) => data.text)).toEqual([
      "v2: 2 words after none",
      "v2: 2 words after nobody",
      "v2: 2 words after nobody,Ann",
    ]);
  });

  it("is heard as it was said by a stage that asks for both versions", async () => {
    const both = stage({
      name: "both",
      on: [QuestionAsked, QuestionAskedV2],
      emits: [AnswerGiven],
      run: async ({ data: { conversationId }, version }) => [
        AnswerGiven({ conversationId, text: `v${version}` }),
      ],
    });
    const { deliver, answers } = around(both);
    await deliver(first);
    await deliver(second);
    expect(answers().map(({ data }) => data.text)).toEqual(["v1", "v2"]);
  });

  it("that is not what that version was is put aside, as is one of a version to come", async () => {
    const { deliver, letters } = around(upToDate);
    expect(await deliver({ ...first, data: { conversationId: "c-1" } })).toEqual(ack);
    expect(await deliver({ ...second, version: 3 })).toEqual(ack);
    expect(letters().map(({ code }) => code)).toEqual(["unreadable", "unknown-version"]);
  });
});

describe("a stage of an earlier release", () => {
  it("puts an event of a later version aside, for the release that knows it", async () => {
    const old = stage({
      name: "old",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      run: async () => [],
    });
    const { deliver, letters } = around(old);
    await deliver({ ...second, position: { stream: "phone/question/c-1", seq: 0 } });
    expect(letters()).toMatchObject([{ code: "unknown-version", event: { version: 2 } }]);
  });
});
