import type { Subscriber, Transport } from "@holdline/runtime";
import type { Producer } from "kafkajs";
import { type BrokerTrouble, client } from "./client.ts";
import { consume } from "./consume.ts";
import { type Lag, lagOf, settledOf } from "./lag.ts";
import { KafkaOptions } from "./options.ts";
import { partitionedBy, publisher } from "./publish.ts";
import { type ReadPage, readRange, type TimeRange } from "./read.ts";
import { ensureTopics } from "./topics.ts";

export type { BrokerTrouble } from "./client.ts";
export type { Lag } from "./lag.ts";
export { KafkaOptions } from "./options.ts";
export type { ReadPage, TimeRange } from "./read.ts";

/** The Kafka transport, and what else is asked of the brokers. */
export interface KafkaTransport extends Transport, AsyncDisposable {
  /** How far behind each group is, by topic: for the metrics. */
  lag(groups: readonly Pick<Subscriber, "name" | "topics">[]): Promise<readonly Lag[]>;
  /** How far a group has settled a conversation's partition of each of its topics: the offset it goes on from. */
  settled(
    group: Pick<Subscriber, "name" | "topics">,
    key: string,
  ): Promise<Readonly<Record<string, number>>>;
  /** What topics hold, of all time or of a part of it; no more than there is now, unless it is to be followed. */
  read(topics: readonly string[], range: TimeRange): AsyncIterable<ReadPage>;
}

export interface KafkaParts {
  /** Topics that must be there: made when they are missing. */
  readonly topics: readonly string[];
  /** Told what kafkajs would print. */
  readonly trouble?: BrokerTrouble;
}

/**
 * Carries events over Kafka: a topic of ours is a Kafka topic, the conversation is the partition key, a
 * subscriber is a consumer group.
 *
 * `publish` resolves when all in-sync replicas have the events. Rejects when the brokers cannot be
 * reached, refuse the credentials, or have topics with fewer partitions than the options say.
 */
export async function kafka(
  options: KafkaOptions,
  { topics, trouble = () => {} }: KafkaParts,
): Promise<KafkaTransport> {
  const settings = KafkaOptions.parse(options);
  const connection = client(settings, trouble);
  const admin = connection.admin();
  await admin.connect();
  await ensureTopics(admin, topics, settings).catch(async (error) => {
    await admin.disconnect();
    throw error;
  });

  let current: Promise<Producer> | undefined;
  const producer = () => {
    current ??= connected();
    return current;
  };
  async function connected(): Promise<Producer> {
    const fresh = connection.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: partitionedBy(settings.partitions),
      allowAutoTopicCreation: false,
    });
    await fresh.connect();
    return fresh;
  }
  async function renew(): Promise<void> {
    const failed = current;
    current = undefined;
    const old = await failed?.catch(() => undefined);
    await old?.disconnect().catch(() => {});
  }

  return {
    name: "kafka",
    traits: { ordered: true, retains: true },
    publish: publisher({ producer, renew }, settings),
    consume: (subscriber, deliver, signal) =>
      consume({ kafka: connection, settings, trouble }, subscriber, deliver, signal),
    lag: (groups) => lagOf(admin, settings, groups),
    settled: (group, key) => settledOf(admin, settings, group, key),
    read: (topics, range) => readRange({ kafka: connection, admin, settings }, topics, range),
    async [Symbol.asyncDispose]() {
      await admin.disconnect();
      await renew();
    },
  };
}
