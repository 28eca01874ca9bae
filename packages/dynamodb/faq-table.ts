import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  checkSizes,
  FaqEntry,
  type FaqTable,
  intentName,
  type PastEntry,
  TableMoved,
} from "@holdline/faq";
import {
  type Item,
  number,
  numberOf,
  refused,
  stringOf,
  type TableOptions,
  text,
} from "./table.ts";

/** Entries written at once: what a few hundred of them need to take seconds and not minutes. */
const atOnce = 8;

/** Which revisions are seen: those up to the latest, without those that never got so far. */
interface Pointer {
  readonly latest: number;
  readonly aborted: ReadonlySet<number>;
}

/**
 * The FAQ table in DynamoDB.
 *
 * An attempt at a revision draws a number nobody else has, writes its entries under it, and then moves
 * the pointer, on the condition that it stands where the entries were decided. Numbers between the two
 * are attempts that failed or will: the same write puts them on the list of those never seen.
 */
export function dynamoFaqTable({ client, table: TableName }: TableOptions): FaqTable {
  async function pointer(): Promise<Pointer> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: pointerKey, ConsistentRead: true }),
    );
    return {
      latest: numberOf(Item?.latest) ?? 0,
      aborted: new Set((Item?.aborted?.NS ?? []).map(Number)),
    };
  }
  const isSeen = ({ latest, aborted }: Pointer, revision: number) =>
    revision <= latest && !aborted.has(revision);

  async function* query(input: Partial<QueryCommandInput>): AsyncGenerator<PastEntry> {
    let next: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...{ TableName, ConsistentRead: true, ...input },
          ...(next && { ExclusiveStartKey: next }),
        }),
      );
      for (const item of Items) yield entryIn(item);
      next = LastEvaluatedKey;
    } while (next);
  }
  const ofIntent = (intent: string, latest: number) => ({
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: {
      ":pk": text(partition),
      ":from": text(`${intent}#`),
      ":to": text(sortKey(intent, latest)),
    },
  });

  /** A number for an attempt: drawn once, whatever becomes of it. */
  async function drawn(): Promise<number> {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        ...{ TableName, Key: pointerKey, ReturnValues: "UPDATED_NEW" },
        UpdateExpression: "ADD drawn :one",
        ExpressionAttributeValues: { ":one": number(1) },
      }),
    );
    return numberOf(Attributes?.drawn) ?? 0;
  }

  async function move(from: number, to: number): Promise<void> {
    const between = Array.from({ length: to - from - 1 }, (_, n) => String(from + 1 + n));
    const adds = between.length > 0;
    await client.send(
      new UpdateItemCommand({
        ...{ TableName, Key: pointerKey },
        UpdateExpression: `SET latest = :to${adds ? " ADD aborted :between" : ""}`,
        ConditionExpression: from === 0 ? "attribute_not_exists(latest)" : "latest = :from",
        ExpressionAttributeValues: {
          ":to": number(to),
          ...(from > 0 && { ":from": number(from) }),
          ...(adds && { ":between": { NS: between } }),
        },
      }),
    );
  }

  return {
    name: "dynamodb",
    revision: async () => (await pointer()).latest,
    async state() {
      const as = await pointer();
      const entries: FaqEntry[] = [];
      const everything = {
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": text(partition) },
      };
      for await (const { revision, ...entry } of query(everything)) {
        if (!isSeen(as, revision)) continue;
        // An intent's entries lie together, the newest last.
        if (entries.at(-1)?.id === entry.id) entries.pop();
        entries.push(entry);
      }
      entries.sort((a, b) => (a.id < b.id ? -1 : 1));
      return { revision: as.latest, entries: new Map(entries.map((entry) => [entry.id, entry])) };
    },
    async entry(intent) {
      const as = await pointer();
      const newestFirst = { ...ofIntent(intent, as.latest), ScanIndexForward: false, Limit: 4 };
      for await (const { revision, ...entry } of query(newestFirst))
        if (isSeen(as, revision)) return entry;
      return undefined;
    },
    async history(id) {
      const as = await pointer();
      const past: PastEntry[] = [];
      for await (const entry of query(ofIntent(intentName(id), as.latest)))
        if (isSeen(as, entry.revision)) past.push(entry);
      return past;
    },
    async apply(onRevision, entries) {
      checkSizes(entries);
      const revision = await drawn();
      const waiting = [...entries];
      const writing = async () => {
        for (let entry = waiting.shift(); entry; entry = waiting.shift())
          await client.send(new PutItemCommand({ TableName, Item: itemOf(entry, revision) }));
      };
      await Promise.all(Array.from({ length: atOnce }, writing));
      try {
        await move(onRevision, revision);
      } catch (error) {
        // A move whose answer was lost is tried again by the client, and then refused by itself.
        if (!refused(error)) throw error;
        if ((await pointer()).latest !== revision) throw new TableMoved();
      }
      return revision;
    },
    close: () => client.destroy(),
  };
}

/** All entries are in one partition: it is read whole by a sync, and by key once for each answer. */
const partition = "faq";
const pointerKey: Item = { pk: text("faq-pointer"), sk: text("-") };

/** Ten digits, so that the order of keys is that of numbers. An intent's name has no `#`. */
const sortKey = (intent: string, revision: number) =>
  `${intent}#${String(revision).padStart(10, "0")}`;

const itemOf = (entry: FaqEntry, revision: number): Item => ({
  pk: text(partition),
  sk: text(sortKey(intentName(entry.id), revision)),
  revision: number(revision),
  body: text(JSON.stringify(entry)),
});

const entryIn = (item: Item): PastEntry => ({
  ...FaqEntry.parse(JSON.parse(stringOf(item.body) ?? "")),
  revision: numberOf(item.revision) ?? 0,
});
