import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Transport } from "@holdline/runtime";
import { type PublisherOptions, publisher } from "./publish.ts";
import { receive } from "./receive.ts";

export { eventFrom } from "./envelope.ts";
export { type BatchAnswer, deliverBatch, type QueueRecord } from "./lambda.ts";
export { capturePattern, patternOf, type RulePattern, rulePattern, source } from "./pattern.ts";
export { NotPublished, type PublisherOptions, publisher } from "./publish.ts";
export { visibility } from "./receive.ts";
export { type ArchiveReplay, archiveReplay } from "./replay.ts";

export interface EventBridgeOptions extends PublisherOptions {
  readonly sqs: SQSClient;
  /** The queue that a subscriber's rule fills, by the subscriber's name. */
  readonly queueUrl: (subscriber: string) => string;
  readonly trouble?: (error: unknown) => void;
}

/**
 * Carries events over an EventBridge bus, with a queue for every subscriber.
 *
 * Keeps no order and may bring an event twice: order, dedupe and exclusion come from the state store.
 * Rules and queues are made by whoever deploys (`rulePattern` says what a rule must match).
 */
export function eventBridge(options: EventBridgeOptions): Transport {
  const { sqs, queueUrl, trouble } = options;
  return {
    name: "eventbridge",
    traits: { ordered: false, retains: false },
    publish: publisher(options),
    consume: ({ name }, deliver, signal) =>
      receive({ sqs, queueUrl: queueUrl(name), ...(trouble && { trouble }) }, deliver, signal),
  };
}
