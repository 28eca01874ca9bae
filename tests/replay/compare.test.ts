import type { Stage } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { AnswerGiven } from "../support/around.ts";
import { answerer, question, recording, rerun, texts, verdicts } from "../support/recording.ts";

describe("what differs", () => {
  const past = async (...texts: string[]) =>
    (await recording(texts.map((text, n) => question(text, n)))).all();

  it("is one text more, though every id behind it is another", async () => {
    const base = answerer();
    const more = {
      ...base,
      run: async (...given: Parameters<Stage["run"]>) => [
        AnswerGiven({ conversationId: "c-1", text: "Hello!" }),
        ...(await base.run(...given)),
      ],
    };
    const runs = await rerun(await past("q0", "twice"), { stage: more as Stage });
    expect(runs.flatMap(({ changes }) => changes.map(({ change }) => change))).toEqual([
      "added",
      "added",
    ]);
    expect(runs.map((run) => texts(run).length)).toEqual([2, 3]);
  });

  it("does not change what comes after it", async () => {
    const rude = answerer((text) => (text.startsWith("q0:") ? "No." : text));
    expect(verdicts(await rerun(await past("q0", "q1", "q2"), { stage: rude }))).toEqual([
      "differs",
      "equal",
      "equal",
    ]);
  });

  it("is a text less, and a text altered", async () => {
    const base = answerer();
    const less = {
      ...base,
      run: async (...given: Parameters<Stage["run"]>) => (await base.run(...given)).slice(0, 1),
    };
    const [run] = await rerun(await past("twice"), { stage: less as Stage });
    expect(run?.changes).toMatchObject([{ change: "dropped", past: { data: { text: "again" } } }]);
    const other = answerer((text) => text.replace("again", "anew"));
    const [second] = await rerun(await past("twice"), { stage: other });
    expect(second?.changes).toMatchObject([
      { change: "altered", past: { data: { text: "again" } }, now: { data: { text: "anew" } } },
    ]);
  });
});
