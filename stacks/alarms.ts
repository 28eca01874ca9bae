/// <reference path="../.sst/platform/config.d.ts" />
import type { Env } from "./env.ts";
import type { QueuePair } from "./queues.ts";

interface Alarm {
  readonly metric: string;
  readonly namespace: string;
  readonly dimensions?: Record<string, $util.Input<string>>;
  readonly over: number;
  readonly statistic?: "Sum" | "Maximum" | "Average";
  readonly minutes?: number;
  /** A heading of docs/operating.md. */
  readonly runbook: string;
}

/** What wakes somebody, each with the section of docs/operating.md that says what to do. */
export function alarms(env: Env, pairs: readonly QueuePair[], stageNames: readonly string[]) {
  const topic = new sst.aws.SnsTopic("Alarms");
  env.deployment.alarmEmails.forEach((endpoint, n) => {
    new aws.sns.TopicSubscription(`AlarmEmail${n}`, {
      topic: topic.arn,
      protocol: "email",
      endpoint,
    });
  });
  const alarm = (name: string, { metric, over, runbook, minutes = 5, ...of }: Alarm) =>
    new aws.cloudwatch.MetricAlarm(name, {
      alarmDescription: `docs/operating.md#${runbook}`,
      metricName: metric,
      namespace: of.namespace,
      dimensions: of.dimensions ?? { service: "holdline" },
      statistic: of.statistic ?? "Sum",
      period: 60,
      evaluationPeriods: minutes,
      datapointsToAlarm: minutes,
      comparisonOperator: "GreaterThanThreshold",
      threshold: over,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  for (const { name, queue, dead } of pairs) {
    const of = (queueName: $util.Input<string>) => ({
      namespace: "AWS/SQS",
      dimensions: { QueueName: queueName },
      statistic: "Maximum" as const,
    });
    const visible = "ApproximateNumberOfMessagesVisible";
    alarm(`${name}DeadAlarm`, {
      ...of(dead.nodes.queue.name),
      metric: visible,
      over: 0,
      minutes: 1,
      runbook: "messages-in-a-dead-letter-queue",
    });
    alarm(`${name}LateAlarm`, {
      ...of(queue.nodes.queue.name),
      metric: "ApproximateAgeOfOldestMessage",
      over: 300,
      runbook: "events-wait-too-long",
    });
  }
  const ours = { namespace: "Holdline", minutes: 1 };
  for (const stage of stageNames) {
    const dimensions = { service: "holdline", stage };
    alarm(`DeadLettered-${stage}`, {
      ...ours,
      dimensions,
      metric: "EventsDeadLettered",
      over: 0,
      runbook: "dead-letters",
    });
    alarm(`Disorder-${stage}`, {
      ...ours,
      dimensions,
      metric: "EventsOutOfOrder",
      over: 0,
      runbook: "events-out-of-order",
    });
  }
  alarm("SocketsMissing", {
    ...ours,
    metric: "SocketsMissing",
    over: 0,
    statistic: "Maximum",
    minutes: 5,
    runbook: "chats-without-a-socket",
  });
  alarm("FaqTableUnread", {
    ...ours,
    metric: "FaqTableUnread",
    over: 0,
    runbook: "the-faq-table-cannot-be-read",
  });
  if (env.settings.faq.pages.length > 0)
    for (const [metric, runbook] of [
      ["FaqPairsChanged", "pages-of-the-faq-changed"],
      ["FaqPagesShrunk", "a-page-of-the-faq-has-far-fewer-pairs"],
      ["FaqPagesUnread", "a-page-of-the-faq-cannot-be-read"],
    ] as const)
      alarm(metric, { ...ours, metric, over: 0, runbook });
  return topic;
}
