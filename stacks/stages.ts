/// <reference path="../.sst/platform/config.d.ts" />
import { rulePattern } from "@holdline/eventbridge/pattern";
import { pipeline } from "../services/pipeline.ts";
import { functionArgs, type Shared } from "./functions.ts";
import { grantsOf } from "./grants.ts";
import { fill, type QueuePair, queueWithDeadLetters } from "./queues.ts";

const pascal = (name: string) =>
  name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** For each line of `pipeline.ts`: a rule → a queue → a function of its own role → a dead-letter queue. */
export function stages(shared: Shared): QueuePair[] {
  return pipeline.map((stage) => {
    const pair = queueWithDeadLetters(pascal(stage.name), "events");
    fill(shared.bus, pair, rulePattern(stage));
    pair.queue.subscribe(
      functionArgs(shared, {
        handler: "services/main.lambda.handler",
        environment: {
          HOLDLINE_STAGE: stage.name,
          HOLDLINE_QUEUE: pair.queue.url,
          ...(stage.calls?.includes("connect") && opening(shared)),
          ...(stage.calls?.includes("sms") && called(shared)),
        },
        ...(stage.calls?.includes("sms") && { secrets: secretsOf(shared) }),
        permissions: (stage.calls ?? []).flatMap((service) => grantsOf(service, shared)),
      }),
      {
        batch: { size: 10, window: "0 seconds", partialResponses: true },
        transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 50 } } },
      },
    );
    return pair;
  });
}

/** What a function must know to open chats: our own flow, and where they are streamed to. */
const opening = ({ chatFlow, streamingTopic }: Shared) => ({
  ...(chatFlow && { HOLDLINE_CHAT_FLOW: chatFlow.contactFlowId }),
  ...(streamingTopic && { HOLDLINE_STREAMING_TOPIC: streamingTopic }),
});

/** What a function must know to send by carriers that call us: where each is to tell what became of a text. */
const called = ({ webhooks = {} }: Shared): Record<string, $util.Input<string>> => ({
  HOLDLINE_WEBHOOKS: $jsonStringify(
    Object.fromEntries(Object.entries(webhooks).map(([channel, { url }]) => [channel, url])),
  ),
});
const secretsOf = ({ webhooks = {} }: Shared) =>
  Object.values(webhooks).flatMap(({ secrets }) => secrets);
