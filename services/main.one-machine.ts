import { resolve } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { contactBook, participantClient } from "@holdline/connect";
import { embedded, embeddedFaqTable } from "@holdline/embedded";
import { ContactOpened } from "@holdline/events";
import {
  commitIsPublish,
  ingress as ingressOver,
  publishDue,
  retryPolicy,
} from "@holdline/runtime";
import { offerStatus } from "./doors/offer-status.ts";
import { optIn } from "./doors/opt-in.ts";
import { smsDoor } from "./doors/sms.ts";
import { streamingHoldBackMs } from "./doors/streaming.ts";
import { streamingDoor } from "./doors/streaming-door.ts";
import { webhookDoor } from "./doors/webhook.ts";
import { type Environment, isLoopback, quotaFactor } from "./environment.ts";
import { faqAnswers } from "./faq/answer.ts";
import type { Log } from "./log.ts";
import { observer, stackOf } from "./observe.ts";
import { metrics as metricsOf } from "./ops/metrics.ts";
import { opsRoutes } from "./ops/routes.ts";
import { opsServer } from "./ops/server.ts";
import { configuredPipeline, pipeline } from "./pipeline.ts";
import { livePorts } from "./ports.live.ts";
import { refeedDoor } from "./refeed/door.ts";
import { runPipeline } from "./run-pipeline.ts";
import { conversationSecret } from "./secret.ts";
import { loadSettings, settingsPort } from "./settings/index.ts";
import { socketHolder, soleLease } from "./socket-holder/index.ts";
import {
  type Announce,
  registerFunctions,
  standInCredentials,
  standInSettings,
} from "./stand-in.ts";

/** A pipeline that is up. */
export interface Running {
  readonly opsUrl: string;
  /** Rejects when a part of it fails for good. */
  readonly failed: Promise<never>;
  /** Stops taking in, settles what is in hand, closes the store. */
  close(): Promise<void>;
}

/**
 * Pipeline and socket-holder in one process, over the log and the embedded store.
 *
 * AWS is wherever `AWS_ENDPOINT_URL` says; this is the only file that knows of the stand-in, and only by
 * the address being a loopback one.
 */
export async function serve(
  env: Environment,
  log: Log,
  announce: Announce = registerFunctions,
): Promise<Running> {
  const { HOLDLINE_DATA: folder, HOLDLINE_SPEED: speed, AWS_ENDPOINT_URL: endpoint } = env;
  const standIn = isLoopback(endpoint);
  if (standIn) standInCredentials(process.env);
  const region = env.AWS_REGION ?? (standIn ? "us-west-2" : undefined);
  if (!region)
    throw new Error("AWS_REGION is not set; set it to the region of your Connect instance");
  const settings = loadSettings(
    env.HOLDLINE_CONFIG,
    standIn ? standInSettings(endpoint ?? "") : {},
    { polls: true },
  );
  const quotas = quotaFactor(env.HOLDLINE_QUOTAS);
  const port = settingsPort(settings, { speed, quotas });
  const secret = conversationSecret(folder, env.HOLDLINE_SECRET);

  const folderOpen = await embedded({ folder });
  const { log: transport, store, wasClean } = folderOpen;
  const commit = commitIsPublish(store);
  const now = () => new Date();
  const ingress = ingressOver(store, commit, { now });
  const book = contactBook(store);
  const place = { region, endpoint };
  const { HOLDLINE_TWILIO_AUTH_TOKEN: authToken } = env;
  let heardUntil = 0;
  const ports = {
    ...livePorts(settings, port, book, {
      ...{ ...place, publicUrl: () => settings.publicUrl },
      ...(authToken !== undefined && { twilioAuthToken: () => authToken }),
    }),
    receiptsHeardUntil: () => heardUntil,
  };
  const metrics = metricsOf();
  const stopTaking = new AbortController();
  const stop = new AbortController();

  const { queues } = settings;
  if (!queues) throw new Error("the queues to poll are not set");
  const numbers = settings.numbers.map(({ address }) => address);
  const holder = socketHolder({
    participant: participantClient(place),
    ...{ book, ingress, lease: soleLease, log, speed },
    connectsPerSecond: port.limits.connectionsPerSecond,
    connectsBurst: Math.ceil(port.limits.connectionsPerSecond * 1.5),
  });
  for (const name of ["wanted", "open", "connecting", "waiting"] as const)
    metrics.gauge(`holdline_sockets_${name}`, `Chat sockets ${name}`, () => holder.stats()[name]);
  metrics.gauge("holdline_log_end", "Offset the next event gets", () => transport.end);

  const faqTable = embeddedFaqTable(folder);
  const functions = {
    "opt-in": optIn(ingress, port, numbers, secret),
    "offer-status": offerStatus(store, port, numbers, secret),
    "faq-answer": faqAnswers(faqTable, log),
  };
  let up = false;
  const ops = await opsServer(
    opsRoutes({
      ...{ log: transport, ingress, metrics },
      functions,
      webhooks: webhookDoor({
        ...{ channel: ports.channel, ingress, secret, store, log, holdBackMs: webhookHoldBackMs },
        publicUrl: ({ headers }) => settings.publicUrl ?? `http://${headers.host ?? "127.0.0.1"}`,
      }),
      refeed: refeedDoor({
        ...{ stages: pipeline, log: transport, ingress, secret },
        channel: ports.channel,
      }),
      folder: resolve(folder),
      progress: (key) =>
        Object.fromEntries(
          pipeline.map(({ name }) => [name, folderOpen.progress(name, key)] as const),
        ),
      health: () => ({
        ok: up,
        unclean: !wasClean,
        events: transport.end - 1,
        sockets: holder.stats(),
      }),
    }),
    env.HOLDLINE_HOST,
    env.HOLDLINE_OPS_PORT ?? env.HOLDLINE_PORT + 1,
  ).catch(async (error) => {
    await folderOpen.abandon();
    throw error;
  });

  // Announced before anything is taken in: a call must find the function that its flow invokes.
  if (standIn) {
    const urls = Object.keys(functions).map((name) => [name, `${ops.url}/functions/${name}`]);
    await announce(endpoint ?? "", Object.fromEntries(urls), log, stopTaking.signal).catch(
      async (error) => {
        await ops.close();
        await folderOpen.abandon();
        throw error;
      },
    );
  }

  const wakeHolder = async (raw: unknown) => {
    const opened = raw as ReturnType<typeof ContactOpened.parse>;
    if (opened.type === ContactOpened.type) holder.wake("contact-opened", opened.data.contactId);
    return { verdict: "ack" } as const;
  };
  const everyMs = Math.max(20, 500 / speed);
  const taking = [
    smsDoor({
      ...{ channel: ports.channel("sms-aws"), ingress, queues, secret, log },
      sqs: new SQSClient({ region, maxAttempts: 1, ...(endpoint !== undefined && { endpoint }) }),
      unclean: !wasClean,
      onReceiptsHeard(until) {
        setTimeout(() => {
          heardUntil = Math.max(heardUntil, until);
        }, throughPipelineMs / speed).unref();
      },
      signal: stopTaking.signal,
    }),
    holder.run(stopTaking.signal),
    streamingDoor({
      ...{ book, ingress, store, log, queueUrl: queues.streaming },
      sqs: new SQSClient({ region, maxAttempts: 1, ...(endpoint !== undefined && { endpoint }) }),
      holdBackMs: streamingHoldBackMs / speed,
      signal: stopTaking.signal,
    }),
    publishDue(store, ingress, {
      ...{ now, everyMs, signal: stopTaking.signal },
      failed: (error) => log.error({ stack: stackOf(error) }, "could not publish what is due"),
    }),
  ];
  const running = [
    runPipeline({
      stages: configuredPipeline(port),
      ...{ transport, store, commit, ports },
      policy: retryPolicy({ speed }),
      observe: observer(log, metrics.observe),
      signal: stop.signal,
    }),
    transport.consume({ name: "socket-holder", topics: ["contact"] }, wakeHolder, stop.signal),
  ];
  up = true;

  const failed = Promise.race(
    [...taking, ...running].map((part) => part.then(() => new Promise<never>(() => {}))),
  );
  failed.catch(() => {});
  return {
    opsUrl: ops.url,
    failed,
    async close() {
      up = false;
      stopTaking.abort();
      await Promise.allSettled(taking);
      stop.abort();
      await Promise.allSettled(running);
      await ops.close();
      faqTable.close();
      await folderOpen.close();
    },
  };
}

/** Texts of one customer that come by HTTP overtake each other by no more. */
const webhookHoldBackMs = 50;

/** What has come through the door has this long to reach the stage that waits for it. */
const throughPipelineMs = 3_000;
