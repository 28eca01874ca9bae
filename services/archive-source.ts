import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { archiveReplay } from "@holdline/eventbridge";
import { type KafkaTransport, kafka } from "@holdline/kafka";
import * as z from "zod";
import type { Environment } from "./environment.ts";
import { brokersOf } from "./installation.ts";
import { allTopics } from "./topics.ts";

/** A time with its zone, or a date at its beginning in UTC. */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], "a time such as 2026-03-01T08:00:00Z")
  .transform((text) => new Date(text));

/** Where else than in a data folder a history is taken from, as the command line says it. */
export const ExportSource = z.discriminatedUnion("from", [
  z.object({ from: z.literal("kafka"), since: Instant.optional(), until: Instant.optional() }),
  z.object({
    from: z.literal("eventbridge"),
    since: Instant,
    until: Instant,
    archive: z.string().regex(/^arn:[^:]+:events:.+:archive\/.+$/, "the ARN of an archive"),
    rule: z.string().regex(/^arn:[^:]+:events:.+:rule\/.+$/, "the ARN of the capture rule"),
    queue: z.url("the URL of the capture queue"),
  }),
]);
export type ExportSource = z.output<typeof ExportSource>;

/** How long after it happened an event may be missing from the archive (EventBridge user guide, "Archiving"). */
const archiveLagMs = 10 * 60_000;

/** Somebody is waiting: what does not answer now is not waited for as a pipeline would. */
const connectAttempts = 5;

type OnRead = (events: number, total?: number) => void;
type Bodies = AsyncIterable<{ readonly bodies: readonly string[] }>;

/** What was said in a stretch of time, as a transport brings it; `onRead` is told how far it is. */
export async function* broughtBy(env: Environment, source: ExportSource, onRead: OnRead): Bodies {
  const { since, until } = source;
  if (since && until && since >= until) throw new Error("--since is not before --until");
  if (source.from === "kafka") yield* fromKafka(env, { since, until }, onRead);
  else yield* fromEventBridge(env, source, onRead);
}

/** The brokers, to read what they have. Nothing is made on them: what is not there was never said. */
export const kafkaToRead = (env: Environment): Promise<KafkaTransport> =>
  kafka({ ...brokersOf(env), connectAttempts }, { topics: [] });

async function* fromKafka(
  env: Environment,
  { since, until }: { readonly since?: Date | undefined; readonly until?: Date | undefined },
  onRead: OnRead,
): Bodies {
  const transport = await kafkaToRead(env);
  try {
    let read = 0;
    const range = { ...(since && { since: +since }), ...(until && { until: +until }) };
    for await (const page of transport.read(allTopics, range)) {
      read += page.bodies.length;
      onRead(read, read + page.left);
      yield page;
    }
  } finally {
    await transport[Symbol.asyncDispose]();
  }
}

async function* fromEventBridge(
  env: Environment,
  source: Extract<ExportSource, { from: "eventbridge" }>,
  onRead: OnRead,
): Bodies {
  if (Date.now() - +source.until < archiveLagMs)
    console.error(
      "The archive may be some ten minutes behind: what is missing at the end may be there later.",
    );
  const region = source.archive.split(":")[3] ?? "";
  const place = {
    region,
    ...(env.AWS_ENDPOINT_URL !== undefined && { endpoint: env.AWS_ENDPOINT_URL }),
  };
  const [eventBridge, sqs] = [new EventBridgeClient(place), new SQSClient(place)];
  const stop = new AbortController();
  const interrupted = () => stop.abort(new Error("interrupted: the replay is cancelled"));
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  let read = 0;
  try {
    const replay = archiveReplay({
      ...{ eventBridge, sqs, archiveArn: source.archive, ruleArn: source.rule },
      ...{ queueUrl: source.queue, since: source.since, until: source.until, signal: stop.signal },
      name: `holdline-export-${new Date().toISOString().replace(/[^0-9]/g, "")}`,
    });
    for await (const page of replay) {
      read += page.bodies.length;
      onRead(read);
      yield page;
    }
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    eventBridge.destroy();
    sqs.destroy();
  }
}
