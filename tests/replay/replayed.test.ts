import type { Event } from "@holdline/events";
import {
  commitThenPublish,
  DeadLetter,
  ingress,
  type Once,
  publishDue,
  redrive,
  type Stage,
} from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { AnswerGiven, around, QuestionDropped, start } from "../support/around.ts";
import { arriving } from "../support/make.ts";
import { memoryStore } from "../support/memory-store.ts";
import {
  answerer,
  heard,
  note,
  question,
  type Reach,
  recording,
  rerun,
  texts,
  verdicts,
} from "../support/recording.ts";

describe("a replay", () => {
  it("runs events in the order in which they were heard, not in which they were said", async () => {
    const order = [
      question("q0", 0, 50),
      note("n0", 0, 90),
      question("q1", 1, 60),
      note("n1", 1, 10),
    ];
    const { all } = await recording(order);
    const runs = await rerun(all().toReversed());
    expect(heard(runs)).toEqual(["q0", "n0", "q1", "n1"]);
    expect(verdicts(runs)).toEqual(["equal", "equal", "equal", "equal"]);
  });

  it("finds an order of silent events that explains what was said, where nobody wrote it down", async () => {
    const order = [
      ...[note("b0", 0, 30, "other"), note("a0", 0, 10), note("b1", 1, 40, "other")],
      ...[note("a1", 1, 20), question("q", 0)],
    ];
    const { all } = await recording(order);
    const runs = await rerun(all());
    expect(heard(runs)).toEqual(["b0", "a0", "b1", "a1", "q"]);
    expect(verdicts(runs)).toEqual(Array(5).fill("equal"));
  });

  it("tells of a change in the order of time, where no order explains it", async () => {
    const { all } = await recording([
      note("b0", 0, 30, "other"),
      note("a0", 0, 10),
      question("q", 0),
    ]);
    const runs = await rerun(all(), { stage: answerer((text) => `${text}!`) });
    expect(verdicts(runs)).toEqual(["equal", "equal", "differs"]);
    expect(runs.flatMap(texts)).toEqual(["a0,b0,q:seen!"]);
  });

  it("answers effects out of the recording alone", async () => {
    const { all } = await recording([question("q", 0)], async () => "the weather of that day");
    const [run] = await rerun(all());
    expect(run?.now[0]?.effects).toEqual([{ name: "look", outcome: "the weather of that day" }]);
    expect(run?.verdict).toBe("equal");
  });

  it("says what it wants that the recording does not hold", async () => {
    const { all } = await recording([question("q", 0)]);
    const curious = answerer() as Stage<never>;
    const run = async (event: never, { once }: { once: Once }) => {
      await once("smell", async () => "roses", { ifUnsure: "retry" });
      return curious.run(event, { once } as never);
    };
    const [one] = await rerun(all(), { stage: { ...answerer(), run } as Stage });
    expect(one).toMatchObject({ verdict: "differs", missing: "the effect smell", now: [] });
    const reaching = async (_: unknown, { world }: Reach) => [await world.look()];
    const [other] = await rerun(all(), { stage: { ...answerer(), run: reaching } as never });
    expect(other).toMatchObject({ verdict: "differs", missing: "world.look" });
  });

  it("leaves a run that has not been made before the recording ended", async () => {
    const { all } = await recording([question("q0", 0)]);
    const events = [...all(), question("q1", 1)];
    expect(verdicts(await rerun(events))).toEqual(["equal", "unfinished"]);
    const chatty = {
      ...answerer(),
      run: async () => [AnswerGiven({ conversationId: "c-1", text: "oh" })],
    };
    const silent = [question("q0", 0), note("n", 0, 1)];
    const soon = { stage: chatty as Stage, end: new Date(start + 1_000).toISOString() };
    const recorded = (await recording(silent)).all();
    expect(verdicts(await rerun(recorded, soon))).toEqual(["differs", "unfinished"]);
    // Long before its end it was silent, and not late.
    expect(verdicts(await rerun(recorded, { stage: chatty as Stage }))).toEqual([
      "differs",
      "differs",
    ]);
  });

  it("knows no state where the beginning is missing", async () => {
    const { all } = await recording([question("q0", 0), question("q1", 1)]);
    const runs = await rerun(all(), { whole: false });
    expect(runs.map(({ verdict, missing }) => [verdict, missing])).toEqual(
      Array(2).fill(["unknown", "the beginning of the conversation"]),
    );
  });

  it("passes siblings, replayed events and those for another stage over", async () => {
    const dropped = arriving(QuestionDropped({ conversationId: "c-1", text: "d" }), {
      position: { stream: "phone/question/c-1", seq: 0 },
    });
    const { all } = await recording([dropped, question("q", 1)]);
    const others = [
      { ...note("theirs", 0, 1), only: "another" },
      { ...note("again", 0, 1, "third"), replay: true },
    ];
    expect(heard(await rerun([...all(), ...others]))).toEqual(["q"]);
  });
});

describe("a dead letter", () => {
  it("is the same letter where today's code gives up for the same reason", async () => {
    const { all } = await recording([
      question("q0", 0),
      question("nonsense", 1),
      question("q2", 2),
    ]);
    const runs = await rerun(all());
    expect(verdicts(runs)).toEqual(["equal", "equal", "equal"]);
    // What was given up on taught nothing.
    expect(runs.flatMap(texts).at(-1)).toBe("q0,q0:seen,q2:seen");
  });

  it("that the code does not give up on any more shows what is said instead", async () => {
    const { all } = await recording([question("nonsense", 0)]);
    const silent = {
      ...answerer(),
      run: async () => [AnswerGiven({ conversationId: "c-1", text: "I see" })],
    };
    const [run] = await rerun(all(), { stage: silent as Stage });
    expect(run?.changes.map(({ change }) => change)).toEqual(["dropped", "added"]);
  });

  it("whose reason was in the world is not to be told", async () => {
    const busy = async () => {
      throw new DeadLetter("never");
    };
    const { all } = await recording([question("q", 0)], busy as never);
    expect(await rerun(all())).toMatchObject([{ verdict: "unknown", missing: "the effect look" }]);
  });

  it("that was redriven is told apart from what came of it then", async () => {
    const live = await recording([question("busy", 0)]);
    const [letter] = live.published;
    if (!letter) throw new Error("nothing was given up on");
    const door = ingress(live.store, live.commit, { now: () => new Date(live.clock.now) });
    await redrive(door, letter);
    const redriven = live.published.at(-1);
    await live.deliver(redriven);
    for (let tries = 0; tries < 3; tries++) await live.deliver(redriven);
    const runs = await rerun(live.all());
    expect(runs).toHaveLength(2);
    expect(verdicts(runs)).toEqual(["equal", "equal"]);
    expect(runs.map(({ heard }) => heard.only)).toEqual([undefined, "answerer"]);
  });
});

describe("a delayed draft", () => {
  const due = async (events: readonly Event[]) => {
    const clock = { now: start };
    const store = memoryStore(() => clock.now);
    const live = around(answerer(), { store, ports: { world: { look: async () => "seen" } } });
    for (const event of events) await live.deliver(event);
    const stop = new AbortController();
    clock.now += 600_000;
    const now = () => new Date(clock.now);
    const door = ingress(
      store,
      commitThenPublish(store, { publish: async (all) => void live.published.push(...all) }),
      { now },
    );
    const running = publishDue(store, door, { now, everyMs: 1, signal: stop.signal });
    await new Promise((wake) => setTimeout(wake, 20));
    stop.abort();
    await running;
    return [...events, ...live.published];
  };

  it("is the same where it was wanted for the same time", async () => {
    const events = await due([question("q", 0), question("later", 1)]);
    expect(events.at(-1)?.position.stream).toBe("later.answerer/answer/c-1");
    expect(verdicts(await rerun(events))).toEqual(["equal", "equal"]);
    const sooner = events.map((event) =>
      event.notBefore ? { ...event, notBefore: new Date(start + 400_001).toISOString() } : event,
    );
    expect(verdicts(await rerun(sooner))).toEqual(["equal", "differs"]);
  });

  it("that is not due yet is no difference; one that should have come is", async () => {
    const { all } = await recording([question("reminder", 0)]);
    const soon = new Date(start + 1_000).toISOString();
    expect(verdicts(await rerun(all(), { end: soon }))).toEqual(["unfinished"]);
    expect(await rerun(all())).toMatchObject([
      { verdict: "differs", changes: [{ change: "added", now: { data: { text: "now" } } }] },
    ]);
    const unasked = (await recording([question("later", 0)])).all();
    expect(verdicts(await rerun(unasked, { end: soon }))).toEqual(["unfinished"]);
  });
});
