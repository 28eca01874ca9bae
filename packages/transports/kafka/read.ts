import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, Consumer, EachBatchPayload, Kafka } from "kafkajs";
import type { KafkaSettings } from "./options.ts";
import { partitionOf } from "./partition.ts";
import { asked, isForGood, restartMs } from "./refusal.ts";

/** Which part of a history: what the brokers took in from `since` on and before `until` (epoch ms, their clock). */
export interface TimeRange {
  readonly since?: number;
  readonly until?: number;
  /** What may hold this conversation alone: its partition, with whatever else is there. */
  readonly key?: string;
  /** What comes later as well, until this aborts; there is no `until` then. */
  readonly follow?: AbortSignal;
}

/** Some events of a topic as they were written, in their partition's order, and how many are still to come. */
export interface ReadPage {
  readonly topic: string;
  readonly bodies: readonly string[];
  /** The place of each in its partition. */
  readonly offsets: readonly number[];
  readonly left: number;
}

interface Slice {
  next: number;
  readonly end: number;
}

interface Reading {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly settings: KafkaSettings;
}

/**
 * Reads topics from one time to another, to where they end now, or on and on, a batch at a time: each partition in
 * its order, the partitions as they come. Whoever reads slowly holds the brokers up, not the memory.
 *
 * Takes part in no subscriber's group, and leaves no trace on the brokers. What was published twice comes twice.
 */
export async function* readRange(
  { kafka, admin, settings }: Reading,
  topics: readonly string[],
  range: TimeRange,
): AsyncGenerator<ReadPage> {
  const slices = await slicesOf(admin, settings, topics, range);
  if (slices.size === 0) return;
  const groupId = `${settings.prefix}reading-${randomUUID()}`;
  const wanted = [...new Set([...slices.keys()].map((name) => placeOf(name).topic))];
  const given: { readonly page: ReadPage; readonly taken: () => void }[] = [];
  let wake = () => {};
  let failure: Error | undefined;
  let closed = false;
  let reader: Consumer | undefined;
  const { follow } = range;
  const aborted = () => wake();
  follow?.addEventListener("abort", aborted);
  try {
    for (let left = leftOf(slices), life = 0; left > 0 && !follow?.aborted; ) {
      const [first] = given;
      if (first) {
        left = first.page.left;
        yield first.page;
        // Not before: whoever leaves in the middle of it would leave the reader waiting for ever.
        given.shift();
        first.taken();
      } else if (reader && !failure) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        // As with subscribers, kafkajs gives up on a reader whose coordinator is away, or is only being made.
        if (failure && isForGood(failure, life)) throw failure;
        await reader?.disconnect().catch(() => {});
        if (life++ > 0) await sleep(restartMs);
        failure = undefined;
        reader = await begun();
      }
    }
  } finally {
    closed = true;
    follow?.removeEventListener("abort", aborted);
    for (const { taken } of given) taken();
    await reader?.disconnect().catch(() => {});
    await admin.deleteGroups([groupId]).catch(() => {});
  }

  async function begun(): Promise<Consumer> {
    const consumer = kafka.consumer({
      ...{ groupId, sessionTimeout: 30_000, maxWaitTimeInMs: 250 },
      retry: { retries: 5, restartOnFailure: async () => false },
    });
    const failed = (error: Error) => {
      failure = error;
      wake();
    };
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => failed(error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: wanted, fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: takeIn });
      for (const [name, { next }] of slices)
        if (!failure) consumer.seek({ ...placeOf(name), offset: String(next) });
    } catch (error) {
      failed(error as Error);
    }
    return consumer;
  }

  async function takeIn({ batch, heartbeat, pause }: EachBatchPayload) {
    const slice = slices.get(`${batch.topic}/${batch.partition}`);
    if (!slice || slice.next >= slice.end) return void pause();
    const bodies: string[] = [];
    const offsets: number[] = [];
    for (const { offset, value } of batch.messages) {
      const off = Number(offset);
      // After a rebalance it begins anew, and before the first seek it may begin anywhere.
      if (off < slice.next || off >= slice.end) continue;
      bodies.push(value?.toString("utf8") ?? "");
      offsets.push(off);
    }
    slice.next = Math.min(slice.end, Math.max(slice.next, Number(batch.lastOffset()) + 1));
    if (closed) return;
    const topic = batch.topic.slice(settings.prefix.length);
    const page = { topic, bodies, offsets, left: leftOf(slices) };
    const beating = setInterval(() => heartbeat().catch(() => {}), 3_000);
    await new Promise<void>((taken) => {
      given.push({ page, taken });
      wake();
    });
    clearInterval(beating);
  }
}

function leftOf(slices: ReadonlyMap<string, Slice>): number {
  let left = 0;
  for (const { next, end } of slices.values()) left += end - next;
  return left;
}

function placeOf(name: string) {
  const at = name.lastIndexOf("/");
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
}

async function slicesOf(
  admin: Admin,
  { prefix, partitions }: KafkaSettings,
  topics: readonly string[],
  { since, until, key, follow }: TimeRange,
): Promise<Map<string, Slice>> {
  const slices = new Map<string, Slice>();
  const there = new Set(await admin.listTopics());
  const only = key === undefined ? undefined : partitionOf(key, partitions);
  const at = (topic: string, time: number) =>
    asked(() => admin.fetchTopicOffsetsByTimestamp(topic, time));
  const sliced = async (topic: string) => {
    const [ends, from, to] = await Promise.all([
      asked(() => admin.fetchTopicOffsets(topic)),
      since === undefined ? undefined : at(topic, since),
      until === undefined ? undefined : at(topic, until),
    ]);
    for (const { partition, low, high } of ends) {
      if (only !== undefined && partition !== only) continue;
      const offsetIn = (offsets: typeof from, otherwise: string) =>
        Number(offsets?.find((one) => one.partition === partition)?.offset ?? otherwise);
      const next = Math.max(Number(low), offsetIn(from, low));
      const end = follow ? Number.POSITIVE_INFINITY : Math.min(Number(high), offsetIn(to, high));
      if (next < end) slices.set(`${topic}/${partition}`, { next, end });
    }
  };
  await Promise.all(
    topics
      .map((name) => prefix + name)
      .filter((name) => there.has(name))
      .map(sliced),
  );
  return slices;
}
