import { resolve } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { contactBook, participantClient } from "@holdline/connect";
import { embedded, embeddedFaqTable } from "@holdline/embedded";
import { ContactOpened } from "@holdline/events";
import { commitIsPublish, ingress as ingressOver, retryPolicy } from "@holdline/runtime";
import { offerStatus } from "./doors/offer-status.ts";
import { optIn } from "./doors/opt-in.ts";
import { polledDoors } from "./doors/polled.ts";
import { webhookDoor, webhookHoldBackMs } from "./doors/webhook.ts";
import type { Environment } from "./environment.ts";
import { faqAnswers } from "./faq/answer.ts";
import { installation } from "./installation.ts";
import type { Log } from "./log.ts";
import { observer } from "./observe.ts";
import { metrics as metricsOf } from "./ops/metrics.ts";
import { eventsOf, opsRoutes } from "./ops/routes.ts";
import { opsServer } from "./ops/server.ts";
import { configuredPipeline, pipeline } from "./pipeline.ts";
import { livePorts } from "./ports.live.ts";
import { refeedDoor } from "./refeed/door.ts";
import { runPipeline } from "./run-pipeline.ts";
import { conversationSecret } from "./secret.ts";
import { socketHolder, soleLease } from "./socket-holder/index.ts";
import { type Announce, registerFunctions } from "./stand-in.ts";

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
  const { HOLDLINE_DATA: folder, HOLDLINE_SPEED: speed } = env;
  const { standIn, place, settings, port } = installation(env, { polls: true });
  const { region, endpoint } = place;
  const secret = conversationSecret(folder, env.HOLDLINE_SECRET);

  const folderOpen = await embedded({ folder });
  const { log: transport, store, wasClean } = folderOpen;
  const commit = commitIsPublish(store);
  const ingress = ingressOver(store, commit, { now: () => new Date() });
  const book = contactBook(store);
  let heardUntil = 0;
  const ports = {
    ...livePorts(settings, port, book, place),
    receiptsHeardUntil: () => heardUntil,
  };
  const metrics = metricsOf();
  const stopTaking = new AbortController();
  const stop = new AbortController();

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
      ...{ ingress, metrics },
      letters: () => transport.deadLetters(),
      events: (request) => eventsOf(transport, request),
      functions,
      webhooks: webhookDoor({
        ...{ channel: ports.channel, ingress, secret, store, log, holdBackMs: webhookHoldBackMs },
        publicUrl: ({ headers }) => settings.publicUrl ?? `http://${headers.host ?? "127.0.0.1"}`,
      }),
      refeed: refeedDoor({
        ...{ stages: pipeline, log: transport, ingress, secret },
        channel: ports.channel,
      }),
      standing: (key) => ({
        folder: resolve(folder),
        stages: Object.fromEntries(
          pipeline.map(({ name }) => [name, folderOpen.progress(name, key)] as const),
        ),
      }),
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
  const taking = [
    polledDoors({
      ...{ ports, book, ingress, store, secret, log, speed, queues: settings.queues },
      sqs: () =>
        new SQSClient({ region, maxAttempts: 1, ...(endpoint !== undefined && { endpoint }) }),
      unclean: !wasClean,
      onReceiptsHeard(until) {
        heardUntil = Math.max(heardUntil, until);
      },
      signal: stopTaking.signal,
    }),
    holder.run(stopTaking.signal),
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
