/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";
import { type QueuePair, queueWithDeadLetters } from "./queues.ts";

/** Where Connect streams chats to, when the settings want it: a topic → a queue → the second receiver. */
export function streaming(
  shared: Shared,
): { readonly pair: QueuePair; readonly topicArn: $util.Output<string> } | undefined {
  const { env } = shared;
  if (env.settings.receiver === "socket") return undefined;
  const topic = new sst.aws.SnsTopic("ChatsTopic");
  new aws.sns.TopicPolicy("ChatsTopicPolicy", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [{ type: "Service", identifiers: ["connect.amazonaws.com"] }],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [env.account] },
            {
              test: "ArnEquals",
              variable: "aws:SourceArn",
              values: [env.arn("connect", `instance/${env.settings.instanceId}`)],
            },
          ],
        },
      ],
    }).json,
  });
  const pair = queueWithDeadLetters("Chats", "sns");
  topic.subscribeQueue("ChatsToQueue", pair.queue, {
    filter: { MessageVisibility: ["CUSTOMER", "ALL"] },
    transform: {
      subscription: { redrivePolicy: $jsonStringify({ deadLetterTargetArn: pair.dead.arn }) },
    },
  });
  pair.queue.subscribe(
    functionArgs(shared, { handler: "services/doors/streaming.lambda.handler" }),
    {
      batch: { size: 10, window: "0 seconds", partialResponses: true },
      transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 50 } } },
    },
  );
  return { pair, topicArn: topic.arn };
}
