import { createHash } from "node:crypto";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { type Bucket, type Delayed, type Mark, type StateStore, taken } from "@holdline/runtime";
import {
  expires,
  type Item,
  keyOf,
  number,
  numberOf,
  refused,
  shelfOf,
  stringOf,
  type TableOptions,
  text,
} from "./table.ts";

/** Partitions that delayed drafts are spread over: one would be a hot key on a busy system. */
const shards = 8;
const shardOf = (id: string): number => (createHash("sha256").update(id).digest()[0] ?? 0) % shards;

/** A delayed draft as it is kept. */
export const delayedItem = (delayed: Delayed): Item => ({
  ...keyOf.delayed(shardOf(delayed.id), delayed.due, delayed.id),
  body: text(JSON.stringify(delayed)),
});
/** The mark of a door, until `until` (epoch ms). */
export const seenItem = (id: string, until: number): Item => ({
  ...keyOf.seen(id),
  expires: expires(until),
});

/** Tries at a bucket that another process takes from at the same time, before asking to wait a little. */
const bucketTries = 8;

/** What is kept beside the records: marks, doors' ids, delayed drafts, quotas, small values. */
export function shelves({ client, table: TableName }: TableOptions, now: () => number) {
  /** When the drafts of the last look are due: their place is made of it. */
  const dueOf = new Map<string, string>();

  const item = async (Key: Item): Promise<Item | undefined> =>
    (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;

  const isOver = (found: Item): boolean =>
    (numberOf(found.expires) ?? Number.POSITIVE_INFINITY) * 1_000 <= now();

  /** Everything in a partition whose sort key lies between two, page by page, `limit` at most. */
  async function between(pk: string, from: string, to: string, limit?: number): Promise<Item[]> {
    const items: Item[] = [];
    let next: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
          ExpressionAttributeValues: { ":pk": text(pk), ":from": text(from), ":to": text(to) },
          ...(limit !== undefined && { Limit: limit }),
          ...(next && { ExclusiveStartKey: next }),
        }),
      );
      items.push(...Items);
      next = LastEvaluatedKey;
    } while (next && (limit === undefined || items.length < limit));
    return items;
  }

  /** Delayed drafts, by shard, up to a place: `limit` at most of each. */
  async function delayedUpTo(to: string, limit?: number): Promise<Delayed[]> {
    const all = await Promise.all(
      Array.from({ length: shards }, (_, shard) => between(`delayed#${shard}`, "0", to, limit)),
    );
    return all
      .flat()
      .map((found) => JSON.parse(stringOf(found.body) ?? "") as Delayed)
      .sort((a, b) => (a.due < b.due ? -1 : 1));
  }

  /** Takes from a bucket as it was read; undefined when somebody else was quicker. */
  async function takeOnce(...[limit, cost, priority]: Parameters<StateStore["take"]>) {
    const found = await item(keyOf.bucket(limit.name));
    const version = numberOf(found?.version) ?? 0;
    const body = stringOf(found?.body);
    const before = body ? (JSON.parse(body) as Bucket) : undefined;
    const { bucket, waitMs } = taken(before, limit, cost, priority, now());
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            ...keyOf.bucket(limit.name),
            body: text(JSON.stringify(bucket)),
            version: number(version + 1),
            expires: expires(Math.max(bucket.fullAt, now()) + 3_600_000),
          },
          ConditionExpression: "attribute_not_exists(pk) OR version = :version",
          ExpressionAttributeValues: { ":version": number(version) },
        }),
      );
      return waitMs;
    } catch (error) {
      if (refused(error)) return undefined;
      throw error;
    }
  }

  return {
    async mark(token) {
      const found = await item(keyOf.mark(token));
      const body = found && !isOver(found) ? stringOf(found.body) : undefined;
      return body ? (JSON.parse(body) as Mark) : undefined;
    },

    async isSeen(id) {
      const found = await item(keyOf.seen(id));
      return found !== undefined && !isOver(found);
    },

    async due(until, limit) {
      const oldest = (await delayedUpTo(`${until}$`, limit)).slice(0, limit);
      dueOf.clear();
      for (const { id, due } of oldest) dueOf.set(id, due);
      return oldest;
    },
    async dropDelayed(id) {
      const due = dueOf.get(id);
      if (due === undefined) return;
      const Key = keyOf.delayed(shardOf(id), due, id);
      await client.send(new DeleteItemCommand({ TableName, Key }));
      dueOf.delete(id);
    },

    /** What is to be said later in a conversation: reads all there is, which is for people to wait for. */
    delayedOf: async (key: string) =>
      (await delayedUpTo("~")).filter(({ draft }) => draft.key === key),

    async take(limit, cost, priority) {
      for (let tries = 0; tries < bucketTries; tries++) {
        const waitMs = await takeOnce(limit, cost, priority);
        if (waitMs !== undefined) return waitMs;
      }
      return 50 + Math.ceil(Math.random() * 200);
    },

    async keep(name, value) {
      const Item = { ...keyOf.kept(name), value: text(value) };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    async kept(name) {
      return stringOf((await item(keyOf.kept(name)))?.value);
    },
    async forget(name) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf.kept(name) }));
    },
    async keptUnder(prefix) {
      // U+10FFFF sorts after everything a name is made of.
      const found = await between(shelfOf(prefix), prefix, `${prefix}\u{10ffff}`);
      return found.map(({ sk, value }) => ({
        name: stringOf(sk) ?? "",
        value: stringOf(value) ?? "",
      }));
    },
  } satisfies Partial<StateStore> & { delayedOf(key: string): Promise<Delayed[]> };
}
