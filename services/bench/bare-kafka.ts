import { CompressionTypes, Kafka, logLevel } from "kafkajs";
import type { Stopwatch } from "./stopwatch.ts";

/** What anybody would write with kafkajs, to hold our transport against. */
export interface BareKafka extends AsyncDisposable {
  publish(events: readonly { readonly key: string }[]): Promise<void>;
  /** Reads so many events from the beginning, committing as it goes; the clock runs from the first to the last. */
  consume(count: number, clock: Pick<Stopwatch, "start" | "stop">): Promise<void>;
}

/**
 * kafkajs alone, with the settings our transport has: idempotent, acks=all, one request under way, JSON;
 * parsed on arrival, one event handled after the other, places committed every half second and not, as kafkajs
 * would by itself, after every batch. No order within lanes, no retry, no refusal of what is too large, no
 * joining of publishes that wait.
 */
export async function bareKafka(
  address: string,
  topic: string,
  partitions: number,
): Promise<BareKafka> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        ...{ topic, numPartitions: partitions, replicationFactor: 1 },
        configEntries: [{ name: "message.timestamp.type", value: "LogAppendTime" }],
      },
    ],
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return {
    async publish(events) {
      await producer.sendBatch({
        acks: -1,
        compression: CompressionTypes.None,
        topicMessages: [
          {
            topic,
            messages: events.map((event) => ({ key: event.key, value: JSON.stringify(event) })),
          },
        ],
      });
    },

    async consume(count, clock) {
      const consumer = kafka.consumer({
        groupId: `${topic}-bench`,
        maxWaitTimeInMs: 250,
      });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const all = Promise.withResolvers<void>();
      let heard = 0;
      const handle = async (_event: unknown) => {
        if (heard === 0) clock.start();
        if (++heard < count) return;
        clock.stop();
        all.resolve();
      };
      const places = new Map<number, string>();
      const commit = async () => {
        const offsets = [...places].map(([partition, offset]) => ({ topic, partition, offset }));
        places.clear();
        if (offsets.length > 0) await consumer.commitOffsets(offsets);
      };
      const timer = setInterval(commit, 500);
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: 8,
        eachBatch: async ({ batch, resolveOffset }) => {
          for (const { value, offset } of batch.messages) {
            await handle(JSON.parse(value?.toString("utf8") ?? ""));
            resolveOffset(offset);
          }
          places.set(batch.partition, String(Number(batch.lastOffset()) + 1));
        },
      });
      await all.promise;
      clearInterval(timer);
      await commit();
      await consumer.disconnect();
    },

    async [Symbol.asyncDispose]() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
}
