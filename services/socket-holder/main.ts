import { once } from "node:events";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { contactBook, participantClient } from "@holdline/connect";
import { type Capacity, countCapacity, leases } from "@holdline/dynamodb";
import { eventBridge } from "@holdline/eventbridge";
import { ContactOpened } from "@holdline/events";
import { publishDue } from "@holdline/runtime";
import { Resource } from "sst";
import * as z from "zod";
import { awsSurroundings } from "../aws-surroundings.ts";
import { stackOf } from "../observe.ts";
import { opsServer } from "../ops/server.ts";
import { sharedLease, socketHolder } from "./index.ts";

/** What the container's environment says beyond the links. */
const Variables = z.object({
  AWS_REGION: z.string().min(1),
  /** The queue that `contact` events fill, so that a chat gets its socket at once. */
  HOLDLINE_WAKE_QUEUE: z.url(),
  /** Where /healthz is answered, for the container's own health check. */
  HOLDLINE_OPS_PORT: z.coerce.number().int().min(0).default(4611),
  HOLDLINE_SPEED: z.coerce.number().positive().default(1),
});

/** How long a holder that went silent keeps its chats: with the beat below, others hear them within 5 s. */
const leaseMs = 3_500;
const beatEveryMs = 1_000;

/** The socket-holder as a container: chats shared with the other holders, until SIGTERM. */
async function main(): Promise<void> {
  const env = Variables.parse(process.env);
  const { store, ingress, ports, log, metrics, capacity } = awsSurroundings();
  const region = env.AWS_REGION;
  const { connectionsPerSecond: perSecond } = ports.settings.limits;
  const quota = { name: "connect/connections", perSecond, burst: Math.ceil(perSecond * 1.5) };
  const client = new DynamoDBClient({ region });
  const forLeases = countCapacity(client);
  const shared = leases({ client, table: Resource.State.name, leaseMs });
  const holder = socketHolder({
    participant: participantClient({ region, endpoint: undefined }),
    book: contactBook(store),
    lease: sharedLease(shared),
    takeTurn: (priority) => store.take(quota, 1, priority),
    ...{ ingress, log, speed: env.HOLDLINE_SPEED },
  });
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  // A holder that another program started goes when that program does.
  process.once("disconnect", () => stop.abort());
  const { signal } = stop;
  const failed = (what: string) => (error: unknown) => log.error({ stack: stackOf(error) }, what);
  const bus = eventBridge({
    client: new EventBridgeClient({ region }),
    busName: Resource.Bus.name,
    sqs: new SQSClient({ region }),
    queueUrl: () => env.HOLDLINE_WAKE_QUEUE,
    trouble: failed("the wake queue does not answer"),
  });
  // One of the holders publishes what is due, another one when that is gone.
  const dueToUs: typeof store = {
    ...store,
    due: async (...given) => ((await shared.hold("what-is-due")) ? store.due(...given) : []),
  };
  const ops = await opsServer(
    {
      "GET /healthz": () => ({
        json: { ok: true, sockets: holder.stats(), capacity: summed(capacity(), forLeases()) },
      }),
    },
    "127.0.0.1",
    env.HOLDLINE_OPS_PORT,
  );
  const telling = setInterval(() => {
    const { wanted, open, waiting } = holder.stats();
    metrics.addMetric("SocketsWanted", MetricUnit.Count, wanted);
    metrics.addMetric("SocketsOpen", MetricUnit.Count, open);
    metrics.addMetric("SocketsWaiting", MetricUnit.Count, waiting);
    metrics.addMetric("SocketsMissing", MetricUnit.Count, Math.max(0, wanted - open));
    metrics.publishStoredMetrics();
  }, 30_000);
  await shared.beat();
  const beating = setInterval(() => {
    shared
      .beat()
      .then((died) => died && holder.wake("lease-gained"), failed("could not say that it lives"));
  }, beatEveryMs);
  console.log("the socket-holder is ready");
  await Promise.all([
    holder.run(signal),
    bus.consume({ name: "socket-holder", topics: ["contact"] }, wake, signal),
    publishDue(dueToUs, ingress, {
      ...{ now: () => new Date(), everyMs: 1_000, signal },
      failed: failed("could not publish what is due"),
    }),
    signal.aborted ? undefined : once(signal, "abort"),
  ]);
  clearInterval(telling);
  clearInterval(beating);
  await shared.leave();
  // Listening for the parent's end keeps a process alive.
  if (process.connected) process.disconnect();
  await ops.close();

  async function wake(raw: unknown) {
    const opened = raw as ReturnType<typeof ContactOpened.parse>;
    if (opened.type === ContactOpened.type) holder.wake("contact-opened", opened.data.contactId);
    return { verdict: "ack" } as const;
  }
}

function summed(...all: readonly Readonly<Record<string, Capacity>>[]) {
  const sums: Record<string, Capacity> = {};
  for (const [name, { requests, units }] of all.flatMap((one) => Object.entries(one))) {
    const before = sums[name] ?? { requests: 0, units: 0 };
    sums[name] = { requests: before.requests + requests, units: before.units + units };
  }
  return sums;
}

await main();
