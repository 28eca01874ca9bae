/// <reference path="../.sst/platform/config.d.ts" />
import { patternOf } from "@holdline/eventbridge/pattern";
import type { Shared } from "./functions.ts";
import { fill, queueWithDeadLetters } from "./queues.ts";

/** Sockets one task should hold, so that another one's share fits beside its own when it dies. */
const socketsPerTask = 4_000;
/** The longest ECS allows: a holder offers its chats to the others for 100 s, which open six sockets a second. */
const stopSeconds = 120;

/** The one container service: it calls out, and nobody calls in. */
export function socketHolder({ env, bus, store }: Shared) {
  const { least, most } = env.deployment.holders;
  const wake = queueWithDeadLetters("Wake", "events");
  fill(bus, wake, patternOf(["contact"]));

  const vpc = new sst.aws.Vpc("Vpc");
  const cluster = new sst.aws.Cluster("Cluster", { vpc });
  const callsOut = new aws.ec2.SecurityGroup("HolderCallsOut", {
    vpcId: vpc.id,
    description: "HTTPS out, nothing in",
    egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const service = new sst.aws.Service("SocketHolder", {
    cluster,
    cpu: "0.5 vCPU",
    memory: "1 GB",
    architecture: "arm64",
    image: { context: ".", dockerfile: "services/Dockerfile", target: "socket-holder" },
    link: [bus, store.state, store.secret],
    permissions: [
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [store.key.arn] },
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
        resources: [wake.queue.arn],
      },
    ],
    environment: { HOLDLINE_WAKE_QUEUE: wake.queue.url, AWS_REGION: env.region },
    logging: { retention: "1 month" },
    scaling: { min: least, max: most, cpuUtilization: 70, memoryUtilization: 70 },
    health: {
      command: [
        "CMD",
        "node",
        "-e",
        "fetch('http://127.0.0.1:4611/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
      ],
      interval: "10 seconds",
      startPeriod: "30 seconds",
      retries: 3,
    },
    transform: {
      service: {
        enableExecuteCommand: false,
        networkConfiguration: {
          subnets: vpc.publicSubnets,
          securityGroups: [callsOut.id],
          assignPublicIp: true,
        },
      },
      taskDefinition: (args) => {
        args.containerDefinitions = $jsonParse(args.containerDefinitions).apply((all) =>
          JSON.stringify(all.map((one: object) => ({ ...one, stopTimeout: stopSeconds }))),
        );
      },
    },
  });
  if (!$dev)
    new aws.appautoscaling.Policy("SocketsPerTask", {
      policyType: "TargetTrackingScaling",
      resourceId: service.nodes.autoScalingTarget.resourceId,
      scalableDimension: service.nodes.autoScalingTarget.scalableDimension,
      serviceNamespace: service.nodes.autoScalingTarget.serviceNamespace,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: socketsPerTask,
        scaleInCooldown: 600,
        customizedMetricSpecification: {
          namespace: "Holdline",
          metricName: "SocketsWanted",
          statistic: "Average",
          dimensions: [{ name: "service", value: "holdline" }],
        },
      },
    });
  return { service, wake };
}
