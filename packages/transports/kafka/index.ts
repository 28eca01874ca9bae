import type { Transport } from "@holdline/runtime";
import type { Producer } from "kafkajs";
import { type BrokerTrouble, client } from "./client.ts";
import { consume } from "./consume.ts";
import { type Lag, lagOf } from "./lag.ts";
import { KafkaOptions } from "./options.ts";
import { partitionedBy, publisher } from "./publish.ts";
import { ensureTopics } from "./topics.ts";

export type { BrokerTrouble } from "./client.ts";
export type { Lag } from "./lag.ts";
export { KafkaOptions } from "./options.ts";

/** The Kafka transport, and what else is asked of the brokers. */
export interface KafkaTransport extends Transport, AsyncDisposable {
  /** How far behind each group is, by topic: for the metrics. */
  lag(groups: readonly string[]): Promise<readonly Lag[]>;
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
      consume(connection, settings, subscriber, deliver, signal),
    lag: (groups) => lagOf(admin, settings, topics, groups),
    async [Symbol.asyncDispose]() {
      await admin.disconnect();
      await renew();
    },
  };
}
