import { type Event, topicOf } from "@holdline/events";
import { CompressionTypes, type ICustomPartitioner, type Message, type Producer } from "kafkajs";
import type { KafkaSettings } from "./options.ts";
import { partitionOf } from "./partition.ts";
import { maxBatchBytes } from "./topics.ts";

interface Producing {
  readonly producer: () => Promise<Producer>;
  /** A producer whose numbering the broker no longer follows never recovers: the next one begins anew. */
  readonly renew: () => Promise<void>;
}

interface Waiting {
  readonly messages: readonly { readonly topic: string; readonly message: Message }[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What one request may hold: all of it may be for one partition, whose limit is for the batch as a whole. */
const requestBytes = Math.floor(maxBatchBytes * 0.75);
/**
 * So much of what waits goes together. Less would be a round trip each; of more, kafkajs spends longer on
 * copying than a round trip takes.
 */
const groupBytes = 65_536;
/** What Kafka and the key add to a value, generously. */
const overheadBytes = 200;

/** Spreads keys over a fixed number of partitions, whatever the topic has. */
export const partitionedBy =
  (partitions: number): ICustomPartitioner =>
  () =>
  ({ message: { key } }) =>
    partitionOf(String(key), partitions);

/**
 * Publishes through an idempotent producer, which has one request under way: what comes meanwhile goes
 * with the next one, so many callers share a round trip.
 */
export function publisher({ producer, renew }: Producing, { prefix }: KafkaSettings) {
  const queue: Waiting[] = [];
  let sending = false;

  async function publish(events: readonly Event[]): Promise<void> {
    if (events.length === 0) return;
    const messages = events.map((event) => ({
      topic: prefix + topicOf(event.type),
      message: { key: event.key, value: JSON.stringify(event) },
    }));
    const sizes = messages.map(
      ({ message }) =>
        Buffer.byteLength(message.value) + Buffer.byteLength(message.key) + overheadBytes,
    );
    const tooLarge = sizes.findIndex((size) => size > requestBytes);
    if (tooLarge >= 0)
      throw new Error(
        `${events[tooLarge]?.type} has ${sizes[tooLarge]} bytes; Kafka is given at most ${requestBytes} in one batch`,
      );
    // More than a request may hold is sent as several, in order.
    for (let from = 0; from < messages.length; ) {
      let to = from;
      let bytes = 0;
      while (to < messages.length && bytes + (sizes[to] ?? 0) <= requestBytes)
        bytes += sizes[to++] ?? 0;
      const part = messages.slice(from, to);
      await new Promise<void>((resolve, reject) => {
        queue.push({ messages: part, bytes, resolve, reject });
        void pump();
      });
      from = to;
    }
  }

  async function pump() {
    if (sending) return;
    sending = true;
    for (let group = taken(); group.length > 0; ) {
      const failed = await send(group.flatMap(({ messages }) => messages)).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failed) await renew();
      const tell = settling(group, failed);
      group = taken();
      // The next request is on its way before those who waited go on: what they do is done while it travels.
      if (group.length > 0) setImmediate(tell);
      else tell();
    }
    sending = false;
  }

  const settling =
    (group: readonly Waiting[], failed: { readonly error: unknown } | undefined) => () => {
      for (const { resolve, reject } of group) failed ? reject(failed.error) : resolve();
    };

  function taken(): Waiting[] {
    const group: Waiting[] = [];
    let bytes = 0;
    for (
      let next = queue[0];
      next && (bytes === 0 || bytes + next.bytes <= groupBytes);
      next = queue[0]
    ) {
      group.push(next);
      bytes += next.bytes;
      queue.shift();
    }
    return group;
  }

  async function send(messages: Waiting["messages"]) {
    const byTopic = new Map<string, Message[]>();
    for (const { topic, message } of messages) {
      const same = byTopic.get(topic);
      if (same) same.push(message);
      else byTopic.set(topic, [message]);
    }
    await (await producer()).sendBatch({
      acks: -1,
      compression: CompressionTypes.None,
      topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
    });
  }

  return publish;
}
