import { DeadLetter, ingress, type Once, Retry, redrive, stage } from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import { ack, retry } from "../support/answering.ts";
import { AnswerGiven, around, policy, QuestionAsked, question } from "../support/around.ts";
import { memoryStore } from "../support/memory-store.ts";
import {
  accepted,
  evidenced,
  failingFirst,
  harmless,
  risky,
  sending,
  token,
} from "../support/sending.ts";

describe("an effect that is marked", () => {
  it("has a durable outcome before the run's next effect begins", async () => {
    const store = memoryStore(() => 0);
    const marks: unknown[] = [];
    const twice = stage({
      name: "twice",
      on: [QuestionAsked],
      emits: [],
      async run({ id }, { once }: { once: Once }) {
        await once("first", async () => "one", evidenced());
        await once(
          "second",
          async () => {
            marks.push(await store.mark(`twice/${id}/first`));
            return "two";
          },
          harmless,
        );
        return [];
      },
    });
    await around(twice, { store }).deliver(question());
    expect(marks).toEqual([{ outcome: "one" }]);
  });
});

describe.each([
  ["a harmless effect", harmless],
  ["an effect that may be repeated once", evidenced()],
  ["an effect never to be repeated", risky],
])("%s", (_, terms) => {
  it("happens once, under a token of its own, and its outcome travels in the events", async () => {
    const { deliver, sent, answers } = sending(accepted, terms);
    await deliver(question());
    await deliver(question());
    expect(sent.mock.calls.map(([given]) => given)).toEqual([token]);
    expect(answers()).toMatchObject([
      {
        data: { text: '{"carrierId":"SM1"}' },
        effects: [{ name: "send", outcome: { carrierId: "SM1" } }],
      },
    ]);
  });

  it("keeps its outcome when the run must come again", async () => {
    const { deliver, sent, answers } = sending(accepted, terms, { after: failingFirst(2) });
    expect(await deliver(question())).toEqual(retry(100));
    expect(await deliver(question())).toEqual(retry(200));
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    expect(answers()[0]?.effects).toEqual([{ name: "send", outcome: { carrierId: "SM1" } }]);
  });

  it("keeps its outcome for the redrive of a dead letter", async () => {
    const { deliver, sent, published, store, commit, clock } = sending(accepted, terms, {
      after: failingFirst(3),
    });
    for (let times = 0; times < 3; times++) await deliver(question());
    const door = ingress(store, commit, { now: () => new Date(clock.now) });
    for (const letter of [...published]) await redrive(door, letter);
    expect(await deliver(published[1])).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    expect(published[2]).toMatchObject({ type: "answer.given", cause: question().id });
  });

  it("leaves no mark behind once the event is over", async () => {
    const { deliver, store } = sending(accepted, terms, { after: failingFirst(1) });
    await deliver(question());
    expect(await store.mark(token)).toEqual({ outcome: { carrierId: "SM1" } });
    await deliver(question());
    expect(await store.mark(token)).toBeUndefined();
  });

  it("happens again after surely not having happened", async () => {
    let busy = true;
    const { deliver, sent, store } = sending(async () => {
      if (busy) throw new Retry("throttled", { afterMs: 7, counts: false });
      return "fine";
    }, terms);
    expect(await deliver(question())).toEqual(retry(7));
    expect(await store.mark(token)).toBeUndefined();
    busy = false;
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it("may answer nothing, and what was said of it can be read", async () => {
    const { deliver, sent, published } = sending(async () => undefined, terms, {
      after: failingFirst(1),
    });
    await deliver(question());
    expect(await deliver(question())).toEqual(ack);
    expect(sent).toHaveBeenCalledOnce();
    await deliver(question(1));
    for (const said of published)
      expect(AnswerGiven.parse(JSON.parse(JSON.stringify(said))).effects).toEqual([
        { name: "send", outcome: null },
      ]);
  });

  it("is not begun with less lease left than a request may take", async () => {
    const { deliver, sent, clock, store } = sending(accepted, terms);
    const mark = store.mark;
    store.mark = async (asked) => {
      clock.now += policy.leaseMs - policy.requestTimeoutMs + 1;
      return mark(asked);
    };
    expect(await deliver(question())).toEqual(retry(100));
    expect(sent).not.toHaveBeenCalled();
  });

  it("waits for its quotas, and that is no attempt", async () => {
    const limit = { name: "sms", perSecond: 1, burst: 1 };
    const { deliver, sent, store, clock } = sending(accepted, {
      ...terms,
      pace: [{ limit, cost: 1, priority: 1 }],
    });
    await store.take(limit, 1, 1);
    for (let times = 0; times < 5; times++) expect(await deliver(question())).toEqual(retry(1_000));
    expect(sent).not.toHaveBeenCalled();
    clock.now += 1_000;
    expect(await deliver(question())).toEqual(ack);
  });

  it("is aborted when the lease ends, and nobody is sure then", async () => {
    const store = memoryStore(() => 0);
    const hasty = { ...policy, leaseMs: 20, requestTimeoutMs: 10 };
    const ended = vi.fn();
    const sender = stage({
      name: "sender",
      on: [QuestionAsked],
      emits: [],
      async run(_, { once }: { once: Once }) {
        await once(
          "send",
          (_token, signal) =>
            new Promise((_, reject) =>
              signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
            ).catch((error) => {
              ended();
              throw error;
            }),
          terms,
        );
        return [];
      },
    });
    const { deliver, letters } = around(sender, { store, policy: hasty });
    const verdict = await deliver(question());
    expect(ended).toHaveBeenCalledOnce();
    if (terms === harmless) expect(verdict).toEqual(retry(100));
    else if (terms === risky) expect(letters()).toMatchObject([{ code: "unsure" }]);
    else expect(await store.mark(token)).toMatchObject({ times: 2 });
  });
});

describe("once", () => {
  it("returns the first outcome for a name used again in the same run", async () => {
    let times = 0;
    const sender = stage({
      name: "sender",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      async run({ data }, { once }: { once: Once }) {
        const first = await once("send", async () => ++times, harmless);
        const second = await once("send", async () => ++times, harmless);
        return [AnswerGiven({ ...data, text: `${first} ${second}` })];
      },
    });
    const { deliver, answers } = around(sender);
    await deliver(question());
    expect(answers()).toMatchObject([
      { data: { text: "1 1" }, effects: [{ name: "send", outcome: 1 }] },
    ]);
  });

  it("dead-letters what the port calls hopeless, and does not say it happened", async () => {
    const { deliver, letters, store } = sending(async () => {
      throw new DeadLetter("unknown-channel");
    }, risky);
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toMatchObject([{ code: "unknown-channel" }]);
    expect(await store.mark(token)).toBeUndefined();
  });
});
