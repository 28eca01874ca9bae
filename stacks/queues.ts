/// <reference path="../.sst/platform/config.d.ts" />
import { visibilitySeconds } from "./functions.ts";

/** Waiting for one's turn is a receive too: many of them are no sign of trouble. */
const receives = 100;

/** A queue and its dead-letter queue; `sender` may put what it could not deliver straight into the latter. */
export function queueWithDeadLetters(name: string, sender: "events" | "sns") {
  const encrypted = { sqsManagedSseEnabled: true };
  const dead = new sst.aws.Queue(`${name}Dead`, {
    transform: { queue: { ...encrypted, messageRetentionSeconds: 14 * 86_400 } },
  });
  new aws.sqs.QueuePolicy(`${name}DeadPolicy`, {
    queueUrl: dead.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [dead.arn],
          principals: [{ type: "Service", identifiers: [`${sender}.amazonaws.com`] }],
        },
      ],
    }).json,
  });
  const queue = new sst.aws.Queue(name, {
    visibilityTimeout: `${visibilitySeconds} seconds`,
    dlq: { queue: dead.arn, retry: receives },
    transform: { queue: { ...encrypted, messageRetentionSeconds: 4 * 86_400 } },
  });
  return { name, queue, dead };
}

/** A queue of ours, and where what nobody could take ends. */
export type QueuePair = ReturnType<typeof queueWithDeadLetters>;

/** A rule of the bus that fills a queue; what EventBridge cannot deliver for a day is a dead letter too. Answers its ARN. */
export function fill(bus: sst.aws.Bus, { name, queue, dead }: QueuePair, pattern: object) {
  const subscriber = bus.subscribeQueue(`${name}Rule`, queue, {
    transform: {
      rule: { eventPattern: JSON.stringify(pattern) },
      target: {
        deadLetterConfig: { arn: dead.arn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      },
    },
  });
  return $output(subscriber).nodes.rule.arn;
}
