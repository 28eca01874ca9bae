/// <reference path="../.sst/platform/config.d.ts" />
import type { Env } from "./env.ts";
import type { QueuePair } from "./queues.ts";

/** One page that shows whether texts flow: events by stage, queues, sockets. */
export function dashboard(
  { name, region }: Env,
  pairs: readonly QueuePair[],
  stages: readonly string[],
) {
  const known = $util.all([region, $util.all(pairs.map(({ queue }) => queue.nodes.queue.name))]);
  const widget = (
    at: string,
    n: number,
    title: string,
    metrics: readonly (readonly unknown[])[],
    stat = "Sum",
  ) => ({
    type: "metric",
    ...{ x: (n % 2) * 12, y: Math.floor(n / 2) * 6, width: 12, height: 6 },
    properties: { title, metrics, stat, region: at, period: 60, view: "timeSeries" },
  });
  const byStage = (metric: string) =>
    stages.map((stage) => ["Holdline", metric, "service", "holdline", "stage", stage]);
  new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: name,
    dashboardBody: known.apply(([at, names]) =>
      JSON.stringify({
        widgets: [
          widget(at, 0, "Events run, by stage", byStage("EventsRun")),
          widget(at, 1, "Events retried and dead-lettered", [
            ...byStage("EventsRetried"),
            ...byStage("EventsDeadLettered"),
          ]),
          widget(
            at,
            2,
            "Oldest event waiting (s)",
            names.map((queue) => ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue]),
            "Maximum",
          ),
          widget(
            at,
            3,
            "Chat sockets",
            ["SocketsWanted", "SocketsOpen", "SocketsWaiting"].map((metric) => [
              "Holdline",
              metric,
              "service",
              "holdline",
            ]),
          ),
        ],
      }),
    ),
  });
}
