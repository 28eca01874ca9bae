import { embedded } from "@holdline/embedded";
import { describe, expect, it } from "vitest";
import { answering } from "../support/answering.ts";
import { QuestionAsked } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving, at } from "../support/make.ts";
import { unruly } from "../support/unruly.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("a stage behind a log that repeats, swaps and delays", () => {
  it("hears each conversation once and in order", async () => {
    await using machine = await embedded({ folder: ownFolder() });
    let n = 0;
    const transport = unruly(machine.log, () => ((n++ * 61) % 97) / 97);
    const conversations = ["c-1", "c-2", "c-3"];
    await transport.publish(
      upTo(20).flatMap((seq) =>
        conversations.map((key) =>
          arriving(
            QuestionAsked({ conversationId: key, text: `${seq}` }),
            at(seq, `phone/question/${key}`),
          ),
        ),
      ),
    );
    const { deliver, answers } = answering();
    const stop = new AbortController();
    await transport.consume(
      { name: "answerer", topics: ["question"] },
      async (raw) => {
        const verdict = await deliver(raw);
        if (answers().length === 60) stop.abort();
        return verdict;
      },
      stop.signal,
    );
    for (const key of conversations) {
      const own = answers().filter((answer) => answer.key === key);
      expect(own.map(({ data }) => data.text)).toEqual(upTo(20).map(String));
      expect(own.map(({ position }) => position.seq)).toEqual(upTo(20));
    }
  });
});
