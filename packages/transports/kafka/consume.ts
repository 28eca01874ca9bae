import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "@holdline/events";
import { type Deliver, lanes, type Subscriber } from "@holdline/runtime";
import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import type { BrokerTrouble } from "./client.ts";
import type { KafkaSettings } from "./options.ts";
import { isForGood, restartMs } from "./refusal.ts";

/** A partition of a topic, as long as this process has it. */
interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly work: ReturnType<typeof lanes>;
  /** The offset after the last one taken in. */
  next: number;
  /** The offset last committed. */
  committed: number;
  paused: boolean;
}

/** How long what is in hand of a partition may hold the others up, before all is taken in or it is paused. */
const drainMs = 50;

/** Taken in at a time, while those before are settled soon: what is settled young costs the memory little. */
const breath = 200;

/** How often places are committed; what was settled since is delivered again after a crash, and was seen. */
const commitEveryMs = 500;

interface Consuming {
  readonly kafka: Kafka;
  readonly settings: KafkaSettings;
  readonly trouble: BrokerTrouble;
}

/**
 * One subscriber's consumption: its consumer group over its topics, until `signal` aborts.
 *
 * kafkajs gives up on a consumer when a broker or its group's coordinator is away for long: then another
 * one takes its place here. Rejects when Kafka refuses the group for good (a topic or a permission that is missing).
 */
export async function consume(
  { kafka, settings, trouble }: Consuming,
  subscriber: Subscriber,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<void> {
  for (let life = 1; !signal.aborted; life++) {
    try {
      await consumeOnce(kafka, settings, subscriber, deliver, signal);
    } catch (error) {
      if (isForGood(error, life)) throw error;
      trouble({ what: `the consumer of ${subscriber.name} begins anew: ${String(error)}` });
      await sleep(restartMs, undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * A partition's messages are handed to lanes, so that an event which must come again holds back its
 * own stream only; nothing is sought back. The place committed is before the oldest event not yet
 * settled. A partition with too many unsettled events is paused until half of them are.
 */
async function consumeOnce(
  kafka: Kafka,
  settings: KafkaSettings,
  { name, topics, wants = () => true }: Subscriber,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<void> {
  const { prefix, atOnce, inHand } = settings;
  const consumer = kafka.consumer({
    groupId: prefix + name,
    sessionTimeout: 10_000,
    rebalanceTimeout: 15_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
    retry: { retries: 5, restartOnFailure: async () => false },
  });
  const held = new Map<string, Partition>();
  const ended = Promise.withResolvers<void>();
  // It may crash before anybody waits for its end.
  ended.promise.catch(() => {});
  const end = () => ended.resolve();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();

  // What was in hand before is delivered again to whoever has the partition now, which may be us.
  const forget = () => {
    const before = [...held.values()];
    held.clear();
    return Promise.all(before.map(({ work }) => work.stop()));
  };
  consumer.on(consumer.events.GROUP_JOIN, () => void forget());
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => ended.reject(error));

  let committing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    committing = committing.then(() => commit(consumer, [...held.values()]));
  }, commitEveryMs);
  try {
    await consumer.connect();
    await consumer.subscribe({
      topics: topics.map((topic) => prefix + topic),
      fromBeginning: true,
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: takeIn,
    });
    await ended.promise;
  } finally {
    signal.removeEventListener("abort", end);
    clearInterval(timer);
    const last = [...held.values()];
    await Promise.all(last.map(({ work }) => work.stop()));
    await committing;
    await commit(consumer, last);
    await consumer.disconnect().catch(() => {});
  }

  async function takeIn({ batch, resolveOffset, pause, isRunning, isStale }: EachBatchPayload) {
    if (!isRunning() || isStale() || signal.aborted) return;
    const one = partitionOf(batch.topic, batch.partition, Number(batch.firstOffset() ?? 0));
    // At once: after a rebalance, which can come at any `await`, it would say where to read somebody's partition.
    resolveOffset(batch.lastOffset());
    const until = performance.now() + drainMs;
    const full = one.work.busy + breath;
    let soon = true;
    for (const { offset, value } of batch.messages) {
      const off = Number(offset);
      if (off < one.next) continue;
      one.next = off + 1;
      const raw = read(value);
      const { key, position } = raw as Partial<Event>;
      if (typeof key !== "string" || typeof position?.stream !== "string")
        one.work.add({ off, key: `unreadable/${off}`, stream: "unreadable", raw });
      else if (wants(raw as Event)) one.work.add({ off, key, stream: position.stream, raw });
      if (soon && one.work.busy >= full)
        soon = await one.work.drainedTo(full - breath / 2, until - performance.now());
    }
    one.next = Math.max(one.next, Number(batch.lastOffset()) + 1);
    if (one.work.busy < inHand || one.paused) return;
    // Most drain at once; kafkajs takes a quarter of a second to notice that a paused partition goes on.
    if (await one.work.drainedTo(inHand / 2, until - performance.now())) return;
    one.paused = true;
    const resume = pause();
    const look = setInterval(() => {
      const over = signal.aborted || held.get(nameOf(one.topic, one.partition)) !== one;
      if (!over && one.work.busy > inHand / 2) return;
      clearInterval(look);
      one.paused = false;
      resume();
    }, 10);
  }

  function partitionOf(topic: string, partition: number, first: number): Partition {
    const known = held.get(nameOf(topic, partition));
    if (known) return known;
    const work = lanes(deliver, { atOnce });
    const fresh = { topic, partition, work, next: first, committed: first, paused: false };
    held.set(nameOf(topic, partition), fresh);
    return fresh;
  }
}

const nameOf = (topic: string, partition: number) => `${topic}/${partition}`;

/** What cannot be read is delivered as it is: the runtime puts it aside. */
function read(value: Buffer | null): unknown {
  const text = value?.toString("utf8") ?? "";
  try {
    return JSON.parse(text) ?? text;
  } catch {
    return text;
  }
}

/** A place that could not be committed is committed next time, or is somebody else's by now. */
async function commit(consumer: Consumer, partitions: readonly Partition[]): Promise<void> {
  const places = partitions.flatMap((one) => {
    const place = one.work.oldest() ?? one.next;
    return place > one.committed ? [{ one, place }] : [];
  });
  if (places.length === 0) return;
  try {
    await consumer.commitOffsets(
      places.map(({ one: { topic, partition }, place }) => ({
        topic,
        partition,
        offset: String(place),
      })),
    );
    for (const { one, place } of places) one.committed = place;
  } catch {}
}
