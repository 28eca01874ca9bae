/// <reference path="../.sst/platform/config.d.ts" />
import { patternOf } from "@holdline/eventbridge/pattern";
import { functionArgs, type Shared } from "./functions.ts";
import { fill, type QueuePair, queueWithDeadLetters } from "./queues.ts";

/** Where dead letters are kept until somebody looks: `holdline dlq` reads them from the table. */
export function deadLetters(shared: Shared): QueuePair {
  const pair = queueWithDeadLetters("DeadLetters", "events");
  fill(shared.bus, pair, patternOf(["event"]));
  pair.queue.subscribe(functionArgs(shared, { handler: "services/dead-letters.lambda.handler" }), {
    batch: { size: 10, window: "0 seconds", partialResponses: true },
    transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 2 } } },
  });
  return pair;
}
