import { deliverTo, type StateStore, stage } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { ack, answering, retry } from "../support/answering.ts";
import { AnswerGiven, around, policy, QuestionAsked, question } from "../support/around.ts";
import { memoryStore } from "../support/memory-store.ts";

/** Never decides the same twice. */
function fickle(given: Parameters<typeof around>[1] = {}) {
  let draws = 0;
  return around(
    stage({
      name: "fickle",
      on: [QuestionAsked],
      emits: [AnswerGiven],
      run: async ({ data }) => [AnswerGiven({ ...data, text: `answer ${draws++}` })],
    }),
    given,
  );
}

const texts = ({ answers }: ReturnType<typeof fickle>) => answers().map(({ data }) => data.text);

describe("a decision that could not be published", () => {
  it("stands, and is published before anything else of its conversation", async () => {
    const stubborn = fickle();
    stubborn.bus.failures = 1;
    expect(await stubborn.deliver(question(0))).toEqual(retry(100));
    expect(await stubborn.deliver(question(1))).toEqual(ack);
    expect(texts(stubborn)).toEqual(["answer 0", "answer 1"]);
    expect(await stubborn.deliver(question(0))).toEqual(ack);
    expect(texts(stubborn)).toHaveLength(2);
  });

  it("stands however long the bus is down", async () => {
    const stubborn = fickle();
    stubborn.bus.failures = 50;
    for (let times = 0; times < 50; times++) {
      expect(await stubborn.deliver(question())).toEqual(retry(100));
      stubborn.clock.now += policy.leaseMs;
    }
    expect(await stubborn.deliver(question())).toEqual(ack);
    expect(texts(stubborn)).toEqual(["answer 0"]);
    expect(stubborn.letters()).toEqual([]);
  });

  it("stands when it was the event's last attempt", async () => {
    const stubborn = fickle({ policy: { ...policy, attempts: 1 } });
    stubborn.bus.failures = 1;
    await stubborn.deliver(question());
    expect(await stubborn.deliver(question())).toEqual(ack);
    expect(texts(stubborn)).toEqual(["answer 0"]);
    expect(stubborn.letters()).toEqual([]);
    expect(stubborn.deliveries).toMatchObject([
      { outcome: "failed", error: { name: "Unpublished" } },
      { outcome: "seen" },
    ]);
  });

  it("stands when the event is too old to be asked about again", async () => {
    const stubborn = fickle();
    stubborn.bus.failures = 1;
    stubborn.clock.now += policy.maxAgeMs + 1;
    await stubborn.deliver(question());
    expect(await stubborn.deliver(question())).toEqual(ack);
    expect(texts(stubborn)).toEqual(["answer 0"]);
  });

  it("stands when it was to dead-letter the event", async () => {
    const { deliver, bus, letters } = answering(() => {
      throw new Error("a bug");
    });
    await deliver(question());
    await deliver(question());
    bus.failures = 1;
    expect(await deliver(question())).toEqual(retry(100));
    expect(await deliver(question())).toEqual(ack);
    expect(letters()).toHaveLength(1);
  });

  it("does not keep the conversation of a living process waiting for a lease to run out", async () => {
    const stubborn = fickle();
    stubborn.bus.failures = 1;
    await stubborn.deliver(question());
    expect(await stubborn.deliver(question())).toEqual(ack);
    expect(stubborn.clock.now).toBe(fickle().clock.now);
  });
});

describe("a holder that was too slow", () => {
  it("does not publish what another has decided meanwhile", async () => {
    const clock = { now: 0 };
    const store = memoryStore(() => clock.now);
    const asleep = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = around(
      stage({
        name: "fickle",
        on: [QuestionAsked],
        emits: [AnswerGiven],
        async run({ data }) {
          begun.resolve();
          await asleep.promise;
          return [AnswerGiven({ ...data, text: "the zombie's" })];
        },
      }),
      { store },
    );
    const zombie = slow.deliver(question());
    await begun.promise;
    clock.now += policy.leaseMs;
    const quick = fickle({ store });
    expect(await quick.deliver(question())).toEqual(ack);
    asleep.resolve();
    expect(await zombie).toEqual(retry(100));
    expect(await slow.deliver(question())).toEqual(ack);
    expect(slow.answers()).toEqual([]);
    expect(texts(quick)).toEqual(["answer 0"]);
  });
});

describe("delivering", () => {
  it("never rejects: a store that fails is asked again", async () => {
    const failing: StateStore = {
      ...memoryStore(() => 0),
      claim: () => Promise.reject(new Error("the store is down")),
    };
    const { deliver, deliveries } = fickle({ store: failing });
    expect(await deliver(question())).toEqual(retry(100));
    expect(await deliver(undefined)).toEqual(retry(100));
    expect(await deliver(null)).toEqual(retry(100));
    expect(deliveries).toMatchObject([
      { outcome: "failed", event: question().id, key: "c-1" },
      { outcome: "failed", event: "unreadable" },
      { outcome: "failed", event: "unreadable" },
    ]);
  });

  it("waits its turn while another process holds the conversation", async () => {
    const { store, surroundings, deliver, deliveries } = fickle();
    await store.claim({ stage: "fickle", key: "c-1" }, { leaseMs: 10_000, gapMs: 0 });
    expect(await deliver(question())).toEqual(retry(100));
    expect(deliveries).toMatchObject([{ outcome: "held" }]);
    const other = stage({ name: "other", on: [QuestionAsked], emits: [], run: async () => [] });
    expect(await deliverTo(other, surroundings)(question())).toEqual(ack);
  });
});
