import type { Admin } from "kafkajs";
import type { KafkaSettings } from "./options.ts";

const dayMs = 86_400_000;

/** No batch of ours comes near it; a single event stays below 200 KB (docs/events.md). */
export const maxBatchBytes = 1_048_576;

/**
 * Makes the topics that are missing, each kept for `retentionDays` and never compacted: they are the history.
 *
 * A write is safe when all but one of the replicas have it. Throws when a topic has fewer partitions than
 * the settings say: keys would have nowhere to go.
 */
export async function ensureTopics(
  admin: Admin,
  names: readonly string[],
  { prefix, partitions, replication, retentionDays }: KafkaSettings,
): Promise<void> {
  const topics = names.map((name) => prefix + name);
  const there = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !there.has(topic));
  if (missing.length > 0)
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: [
          { name: "cleanup.policy", value: "delete" },
          { name: "retention.ms", value: String(Math.round(retentionDays * dayMs)) },
          { name: "min.insync.replicas", value: String(Math.max(1, replication - 1)) },
          // The broker's clock, which never runs backwards: a time range is a range of offsets.
          { name: "message.timestamp.type", value: "LogAppendTime" },
          { name: "max.message.bytes", value: String(maxBatchBytes) },
        ],
      })),
    });
  const { topics: found } = await admin.fetchTopicMetadata({ topics });
  for (const { name, partitions: has } of found)
    if (has.length < partitions)
      throw new Error(
        `Kafka topic ${name} has ${has.length} partitions, the settings say ${partitions}; ` +
          "set the number it was made with, or see the transport's README for how to change it",
      );
}
