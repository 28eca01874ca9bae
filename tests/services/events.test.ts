import type { Draft, Event } from "@holdline/events";
import {
  commitThenPublish,
  type Delivery,
  deliverTo,
  type Stage,
  type Verdict,
} from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "../../services/classify.ts";
import { pipeline } from "../../services/pipeline.ts";
import { policy } from "../support/around.ts";
import {
  botAnswers,
  ends,
  joins,
  offered,
  opened,
  queued,
  relayRefused,
  replyRefused,
  says,
  texts,
} from "../support/conversation.ts";
import { arriving } from "../support/make.ts";
import { anyValue, spoilt } from "../support/malformed.ts";
import { memoryStore } from "../support/memory-store.ts";
import { knowing } from "../support/settings.ts";

const good = [
  ...[texts("hi"), offered(), opened(), queued(), joins(), says("hi"), ends()],
  ...[botAnswers("when?", "At nine."), relayRefused("hi"), replyRefused()],
].map((draft: Draft, nth) => arriving(draft, { id: `good-${nth}` }));

/** Events gone bad: no events at all, cut or scratched ones, wrong members, versions nobody knows. */
const bad: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: anyValue },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...good).chain((event) => parsed(spoilt(asRecord(event)))),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...good)
      .chain((event) => parsed(spoilt(asRecord(event.data))).map((data) => ({ ...event, data }))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...good), fc.integer())
      .map(([event, version]) => ({ ...event, version })),
  },
);
const asRecord = (value: unknown) => value as Record<string, unknown>;
const parsed = (json: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  json.map((text) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  });

/** A stage behind the runtime, over a store and a bus in memory. */
function behind(stage: Stage) {
  const store = memoryStore(() => Date.parse("2026-01-01T12:00:00.000Z"));
  const published: Event[] = [];
  const deliveries: Delivery[] = [];
  const publish = async (events: readonly Event[]) => void published.push(...events);
  const deliver = deliverTo(stage, {
    ...{ store, commit: commitThenPublish(store, { publish }), policy, relevant: () => true },
    ports: knowing(),
    now: () => new Date("2026-01-01T12:00:00.000Z"),
    observe: (delivery) => deliveries.push(delivery),
  });
  /** As a transport does: again as long as it is asked to, a little. */
  async function insist(raw: unknown): Promise<Verdict> {
    let verdict = await deliver(raw);
    for (let times = 0; verdict.verdict === "retry" && times < 5; times++)
      verdict = await deliver(raw);
    return verdict;
  }
  return { deliver, insist, published, deliveries };
}

describe("an event that is none", () => {
  it("is run, put aside or waited for by classify, never lost and never fatal", async () => {
    await fc.assert(
      fc.asyncProperty(bad, async (raw) => {
        const { insist, published, deliveries } = behind(classify as unknown as Stage);
        const { verdict } = await insist(raw);
        const outcomes = new Set(deliveries.map(({ outcome }) => outcome));
        expect(outcomes.has("failed")).toBe(false);
        if (verdict === "retry") expect([...outcomes]).toEqual(["early"]);
        if (outcomes.has("dead-lettered"))
          expect(published.map(({ type }) => type)).toEqual(["event.dead-lettered"]);
        const next = arriving(texts("hello"), {
          id: "next",
          key: "c-9",
          position: { stream: "test/message/c-9", seq: 0 },
        });
        expect(await insist({ ...next, data: { ...next.data, conversationId: "c-9" } })).toEqual({
          verdict: "ack",
        });
        expect(
          published.some(({ type, key }) => type === "message.classified" && key === "c-9"),
        ).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it.each(pipeline.map((stage) => [stage.name, stage as unknown as Stage] as const))(
    "is put aside by %s when its version is one nobody knows",
    async (_, stage) => {
      const { insist, published } = behind(stage);
      const type = stage.on[0]?.type ?? "";
      const position = { stream: "test/any/c-1", seq: 0 };
      const event = { ...arriving(texts("hi")), type, version: 99, position };
      expect(await insist(event)).toEqual({ verdict: "ack" });
      expect(published).toMatchObject([
        { type: "event.dead-lettered", data: { stage: stage.name, code: "unknown-version" } },
      ]);
    },
  );
});
