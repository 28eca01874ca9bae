import type { Event } from "@holdline/events";
import {
  type Deliver,
  type Delivery,
  deliverTo,
  type PublishCommit,
  type RetryPolicy,
  relevance,
  type Stage,
  type StateStore,
  type Transport,
  topicsOf,
} from "@holdline/runtime";
import type { Ports } from "./ports.ts";

export interface PipelineParts {
  /** All stages there are, wherever they run. */
  readonly stages: readonly Stage[];
  /** Those that run here; all of them where it is not said. */
  readonly here?: readonly Stage[];
  readonly transport: Transport;
  readonly store: StateStore;
  readonly commit: PublishCommit;
  readonly ports: Ports;
  readonly policy: RetryPolicy;
  readonly observe: (delivery: Delivery) => void;
  readonly signal: AbortSignal;
}

export type StageParts = Omit<PipelineParts, "here" | "transport" | "signal">;

/** How an event is delivered to one of the stages, whatever brings it. */
export function delivererOf(
  stage: Stage,
  { stages, ...around }: StageParts,
  ordered: boolean,
): Deliver {
  const relevant = relevance(stage, stages);
  return deliverTo(stage, { ...around, now: () => new Date(), relevant, ordered });
}

/** Runs stages over a transport until `signal` aborts and what is in hand is settled. */
export async function runPipeline(parts: PipelineParts): Promise<void> {
  const { here = parts.stages, transport, signal, ...around } = parts;
  const { stages } = around;
  await Promise.all(
    here.map((stage) => {
      const { ordered } = transport.traits;
      const relevant = relevance(stage, stages);
      const types = new Set(stage.on.map(({ type }) => type));
      const subscriber = {
        name: stage.name,
        topics: topicsOf(stage),
        // Where order is not kept, siblings are wanted too: their numbers fill the cursor.
        wants: ({ type, position }: Event) =>
          (!ordered || types.has(type)) && relevant(position.stream),
      };
      return transport.consume(subscriber, delivererOf(stage, around, ordered), signal);
    }),
  );
}
