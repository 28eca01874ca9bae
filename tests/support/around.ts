import { type Event, EventDeadLettered, event } from "@holdline/events";
import {
  commitThenPublish,
  type Delivery,
  deliverTo,
  type RetryPolicy,
  type Stage,
  type StateStore,
  type Surroundings,
} from "@holdline/runtime";
import * as z from "zod";
import { arriving, at } from "./make.ts";
import { memoryStore } from "./memory-store.ts";

/** What the stages of these tests hear. */
export const QuestionAsked = event("question.asked", { text: z.string() });
/** A sibling that no stage of these tests hears. */
export const QuestionDropped = event("question.dropped", { text: z.string() });
/** What they say. */
export const AnswerGiven = event("answer.given", { text: z.string() });

/** The `seq`-th question of a conversation. */
export const question = (seq = 0, known: Partial<Event> = {}) =>
  arriving(QuestionAsked({ conversationId: "c-1", text: `question ${seq}` }), {
    ...at(seq, "phone/question/c-1"),
    ...known,
  });

/** The terms of these tests: round numbers. */
export const policy: RetryPolicy = {
  attempts: 3,
  maxAgeMs: 60_000,
  leaseMs: 10_000,
  requestTimeoutMs: 1_000,
  gapMs: 5_000,
  backoffMs: (attempt) => attempt * 100,
};

/** When `question` was asked. */
export const start = Date.parse("2026-01-01T00:00:00.000Z");

/** A stage with a store, a bus that can be down, and a clock the test moves. */
export function around(stage: Stage, given: Partial<Surroundings> = {}) {
  const clock = { now: start };
  const store: StateStore = given.store ?? memoryStore(() => clock.now);
  const published: Event[] = [];
  const deliveries: Delivery[] = [];
  /** How many more times publishing fails. */
  const bus = { failures: 0 };
  const commit = commitThenPublish(store, {
    async publish(events) {
      if (bus.failures-- > 0) throw new Error("the bus is down");
      published.push(...events);
    },
  });
  const surroundings: Surroundings = {
    ...{ store, commit, ports: {}, policy, relevant: () => true },
    now: () => new Date(clock.now),
    observe: (delivery) => deliveries.push(delivery),
    ...given,
  };
  const letters = () =>
    published.flatMap((said) =>
      said.type === EventDeadLettered.type ? [EventDeadLettered.parse(said).data] : [],
    );
  const answers = () =>
    published.flatMap((said) => (said.type === AnswerGiven.type ? [AnswerGiven.parse(said)] : []));
  return {
    ...{ store, commit, published, deliveries, bus, clock, letters, answers, surroundings },
    deliver: deliverTo(stage, surroundings),
  };
}
