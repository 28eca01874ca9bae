/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";
import { type QueuePair, queueWithDeadLetters } from "./queues.ts";

/** What End User Messaging tells us, each by a topic: the door that lets it in. */
const doors = { TextsIn: "texts", ReceiptsIn: "receipts" } as const;

/** For each kind of thing a carrier tells: a topic it may publish to → a queue → a door. */
export function channels(shared: Shared) {
  const pairs: QueuePair[] = [];
  const topics: Record<string, $util.Output<string>> = {};
  for (const [name, door] of Object.entries(doors)) {
    const topic = new sst.aws.SnsTopic(`${name}Topic`);
    new aws.sns.TopicPolicy(`${name}TopicPolicy`, {
      arn: topic.arn,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ["sns:Publish"],
            resources: [topic.arn],
            principals: [{ type: "Service", identifiers: ["sms-voice.amazonaws.com"] }],
            conditions: [
              { test: "StringEquals", variable: "aws:SourceAccount", values: [shared.env.account] },
            ],
          },
        ],
      }).json,
    });
    const pair = queueWithDeadLetters(name, "sns");
    topic.subscribeQueue(`${name}ToQueue`, pair.queue, {
      transform: {
        subscription: { redrivePolicy: $jsonStringify({ deadLetterTargetArn: pair.dead.arn }) },
      },
    });
    pair.queue.subscribe(functionArgs(shared, { handler: `services/doors/sms.lambda.${door}` }), {
      batch: { size: 10, window: "0 seconds", partialResponses: true },
      transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 10 } } },
    });
    pairs.push(pair);
    topics[name] = topic.arn;
  }
  return { pairs, topics };
}
