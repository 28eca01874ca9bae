import type { Subscriber } from "@holdline/runtime";
import type { Admin } from "kafkajs";
import type { KafkaSettings } from "./options.ts";
import { partitionOf } from "./partition.ts";
import { asked } from "./refusal.ts";

/** How many events of a topic a group has not settled yet. */
export interface Lag {
  readonly group: string;
  readonly topic: string;
  readonly events: number;
}

/** Reads committed places and ends; a group that has never committed is behind by all there is. */
export async function lagOf(
  admin: Admin,
  { prefix }: KafkaSettings,
  groups: readonly Pick<Subscriber, "name" | "topics">[],
): Promise<Lag[]> {
  const read = new Set(groups.flatMap(({ topics }) => topics));
  const ends = new Map(
    await Promise.all(
      [...read].map(
        async (topic) =>
          [topic, await asked(() => admin.fetchTopicOffsets(prefix + topic))] as const,
      ),
    ),
  );
  const all = await Promise.all(
    groups.map(async ({ name: group, topics }) => {
      const places = await placesOf(admin, prefix, { name: group, topics });
      return places.map(({ topic: full, partitions }) => {
        const topic = full.slice(prefix.length);
        const committed = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
        const events = (ends.get(topic) ?? []).reduce((sum, { partition, low, high }) => {
          const place = Number(committed.get(partition) ?? -1);
          return sum + Number(high) - Math.max(place, Number(low));
        }, 0);
        return { group, topic, events };
      });
    }),
  );
  return all.flat();
}

/** Of each topic of a group: the offset before which it has settled all there is in a conversation's partition. */
export async function settledOf(
  admin: Admin,
  { prefix, partitions: count }: KafkaSettings,
  group: Pick<Subscriber, "name" | "topics">,
  key: string,
): Promise<Readonly<Record<string, number>>> {
  const places = await placesOf(admin, prefix, group);
  const mine = partitionOf(key, count);
  return Object.fromEntries(
    places.map(({ topic, partitions }) => {
      const place = partitions.find(({ partition }) => partition === mine)?.offset ?? -1;
      return [topic.slice(prefix.length), Math.max(0, Number(place))];
    }),
  );
}

/** What a group has committed. */
const placesOf = (
  admin: Admin,
  prefix: string,
  { name, topics }: Pick<Subscriber, "name" | "topics">,
) =>
  asked(() =>
    admin.fetchOffsets({
      groupId: prefix + name,
      topics: topics.map((topic) => prefix + topic),
    }),
  );
