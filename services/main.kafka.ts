import { SQSClient } from "@aws-sdk/client-sqs";
import { type ContactBook, contactBook, participantClient } from "@holdline/connect";
import { ContactOpened, type Event } from "@holdline/events";
import { type KafkaTransport, kafka } from "@holdline/kafka";
import {
  commitThenPublish,
  type Ingress,
  ingress as ingressOver,
  retryPolicy,
  type Stage,
  topicsOf,
} from "@holdline/runtime";
import { offerStatus } from "./doors/offer-status.ts";
import { optIn } from "./doors/opt-in.ts";
import { polledDoors } from "./doors/polled.ts";
import { receiptsHeard } from "./doors/receipts-heard.ts";
import { webhookDoor, webhookHoldBackMs } from "./doors/webhook.ts";
import type { Environment } from "./environment.ts";
import { faqAnswers } from "./faq/answer.ts";
import { openFaqTable } from "./faq/table.ts";
import { brokersOf, type Installation, installation, placeOf } from "./installation.ts";
import type { Log } from "./log.ts";
import type { Running } from "./main.one-machine.ts";
import { observer, stackOf } from "./observe.ts";
import { eventsIn, eventsOnKafka } from "./ops/kafka-events.ts";
import { metrics as metricsOf } from "./ops/metrics.ts";
import { opsRoutes } from "./ops/routes.ts";
import { opsServer } from "./ops/server.ts";
import { partsOf } from "./parts.ts";
import { configuredPipeline } from "./pipeline.ts";
import { livePorts } from "./ports.live.ts";
import { runPipeline } from "./run-pipeline.ts";
import { conversationSecret } from "./secret.ts";
import { beatEveryMs, type SharedState, sharedState } from "./shared-state.ts";
import { type SocketHolder, sharedLease, socketHolder } from "./socket-holder/index.ts";
import { registerFunctions } from "./stand-in.ts";
import { allTopics } from "./topics.ts";
import { whileHeld } from "./while-held.ts";

/**
 * The pipeline over Kafka: all of it, or the parts named, in as many processes as are started.
 *
 * Stages and socket-holders share the work; of the doors one process at a time polls, and another takes
 * over within seconds when it dies. What they remember is in the store that `HOLDLINE_STORE` names.
 */
export async function serveOnKafka(
  env: Environment,
  log: Log,
  only: readonly string[] | undefined,
): Promise<Running> {
  const parts = partsOf(only);
  const here = installation(env, { polls: parts.doors });
  const { settings, port, place } = here;
  const brokers = brokersOf(env);
  await using opened = new AsyncDisposableStack();
  const shared = opened.use(await sharedState(env, place));
  const transport = opened.use(
    await kafka(brokers, {
      topics: allTopics,
      trouble: (about) => log.warn(about, "Kafka trouble"),
    }),
  );
  const { store, leases } = shared;
  const commit = commitThenPublish(store, transport);
  const now = () => new Date();
  const ingress = ingressOver(store, commit, { now });
  const book = contactBook(store);
  const speed = env.HOLDLINE_SPEED;
  const secret = conversationSecret(env.HOLDLINE_DATA, env.HOLDLINE_SECRET);
  const heard = receiptsHeard(store, log);
  opened.defer(() => heard.stop());
  const ports = { ...livePorts(settings, port, book, place), receiptsHeardUntil: heard.until };
  const metrics = metricsOf();

  const stages = configuredPipeline(port);
  const running = stages.filter(({ name }) => parts.stages.has(name));
  const subscribers = running.map((stage) => ({ name: stage.name, topics: topicsOf(stage) }));
  metrics.gauges(
    "holdline_lag_events",
    "Events that a stage has not settled yet, all its processes together",
    ["stage", "topic"],
    async () =>
      (await transport.lag(subscribers)).map(({ group: stage, topic, events: value }) => ({
        ...{ labels: { stage, topic }, value },
      })),
  );
  const holder = parts.holder ? holderOf(here, { book, ingress, shared, log, speed }) : undefined;
  for (const name of ["wanted", "open", "connecting", "waiting"] as const)
    if (holder)
      metrics.gauge(`holdline_sockets_${name}`, `Chat sockets ${name}`, () => holder.stats()[name]);

  let up = false;
  let polls = false;
  const numbers = settings.numbers.map(({ address }) => address);
  const faqTable = parts.doors ? openFaqTable(env) : undefined;
  opened.defer(() => faqTable?.close());
  const functions = faqTable
    ? {
        "opt-in": optIn(ingress, port, numbers, secret),
        "offer-status": offerStatus(store, port, numbers, secret),
        "faq-answer": faqAnswers(faqTable, log),
      }
    : {};
  const everybody = stages.map((stage) => ({ name: stage.name, topics: topicsOf(stage) }));
  /** What `services/why/on-kafka.ts` reads. */
  const standing = async (key: string) => {
    const [{ stages, begun, delayed }, settled] = await Promise.all([
      store.remembered(
        key,
        everybody.map(({ name }) => name),
      ),
      Promise.all(
        everybody.map(async (group) => [group.name, await transport.settled(group, key)] as const),
      ),
    ]);
    return {
      kafka: placeOf(brokers),
      stages,
      begun,
      delayed,
      settled: Object.fromEntries(settled),
    };
  };
  const ops = await opsServer(
    opsRoutes({
      ...{ ingress, metrics, functions, standing, letters: () => deadLetters(transport) },
      events: (request) => eventsOnKafka(transport, request),
      ...(parts.doors && {
        webhooks: webhookDoor({
          ...{ channel: ports.channel, ingress, secret, store, log, holdBackMs: webhookHoldBackMs },
          publicUrl: ({ headers }) => settings.publicUrl ?? `http://${headers.host ?? "127.0.0.1"}`,
        }),
      }),
      health: () => ({ ok: up, stages: running.map(named), polls, sockets: holder?.stats() }),
    }),
    env.HOLDLINE_HOST,
    env.HOLDLINE_OPS_PORT ?? env.HOLDLINE_PORT + 1,
  );
  opened.defer(() => ops.close());

  const stopTaking = new AbortController();
  const stop = new AbortController();
  const trouble = (what: string) => (error: unknown) => log.error({ stack: stackOf(error) }, what);
  if (here.standIn) {
    const urls = Object.keys(functions).map((name) => [name, `${ops.url}/functions/${name}`]);
    await registerFunctions(place.endpoint ?? "", Object.fromEntries(urls), log, stopTaking.signal);
  }
  const beating = setInterval(() => {
    leases
      .beat()
      .then(
        (changed) => changed && holder?.wake("lease-gained"),
        trouble("could not say that this process lives"),
      );
  }, beatEveryMs);
  opened.defer(() => clearInterval(beating));

  const held = {
    ...{ leases, name: "doors", everyMs: 500, signal: stopTaking.signal },
    failed: trouble("could not ask whether to poll"),
  };
  const poll = async (signal: AbortSignal) => {
    polls = true;
    await polledDoors({
      ...{ ports, book, ingress, store, secret, log, speed, queues: settings.queues, signal },
      sqs: () => new SQSClient({ ...clientPlace(here), maxAttempts: 1 }),
      // Whoever polled before may have died with texts in hand, here or elsewhere.
      unclean: true,
      onReceiptsHeard: heard.tell,
    });
    polls = false;
  };
  const taking = [
    ...(parts.doors ? [whileHeld(held, poll)] : []),
    ...(holder ? [holder.run(stopTaking.signal)] : []),
  ];
  const settling = [
    runPipeline({
      ...{ stages, here: running, transport, store, commit, ports, signal: stop.signal },
      policy: retryPolicy({ speed }),
      observe: observer(log, metrics.observe),
    }),
    ...(holder ? [wakeOn(transport, holder, stop.signal)] : []),
  ];
  up = true;
  const failed = Promise.race(
    [...taking, ...settling].map((part) => part.then(() => new Promise<never>(() => {}))),
  );
  failed.catch(() => {});
  const closing = opened.move();
  return {
    ...{ opsUrl: ops.url, failed },
    async close() {
      up = false;
      stopTaking.abort();
      await Promise.allSettled(taking);
      stop.abort();
      await Promise.allSettled(settling);
      await leases.leave().catch(() => {});
      await closing.disposeAsync();
    },
  };
}

const named = ({ name }: Stage): string => name;

const clientPlace = ({ place: { region, endpoint } }: Installation) => ({
  region,
  ...(endpoint !== undefined && { endpoint }),
});

interface Holding {
  readonly book: ContactBook;
  readonly ingress: Ingress;
  readonly shared: SharedState;
  readonly log: Log;
  readonly speed: number;
}

/** A holder that shares the chats, and the quota on new connections, with the other processes' holders. */
function holderOf(
  { port, place }: Installation,
  { shared: { store, leases }, ...rest }: Holding,
): SocketHolder {
  const perSecond = port.limits.connectionsPerSecond;
  const quota = { name: "connect/connections", perSecond, burst: Math.ceil(perSecond * 1.5) };
  return socketHolder({
    ...rest,
    participant: participantClient(place),
    lease: sharedLease(leases),
    takeTurn: async (priority) => (Number.isFinite(perSecond) ? store.take(quota, 1, priority) : 0),
  });
}

/** Tells the holder of new chats: one holder is told of each, and takes it. */
function wakeOn(transport: KafkaTransport, holder: SocketHolder, signal: AbortSignal) {
  return transport.consume(
    { name: "socket-holder", topics: ["contact"] },
    async (raw) => {
      const opened = raw as ReturnType<typeof ContactOpened.parse>;
      if (opened.type === ContactOpened.type) holder.wake("contact-opened", opened.data.contactId);
      return { verdict: "ack" };
    },
    signal,
  );
}

/** Every dead letter the brokers still have, each once. */
async function deadLetters(transport: KafkaTransport): Promise<Event[]> {
  const letters = new Map<string, Event>();
  for await (const { bodies } of transport.read(["event"], {}))
    for (const letter of eventsIn(bodies)) letters.set(letter.id, letter);
  return [...letters.values()];
}
