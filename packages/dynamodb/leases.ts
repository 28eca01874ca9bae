import { randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  expires,
  keyOf,
  number,
  numberOf,
  refused,
  stringOf,
  type TableOptions,
  text,
} from "./table.ts";

export interface LeaseOptions extends TableOptions {
  /** How long a process counts as living after it last said so (ms). */
  readonly leaseMs: number;
  readonly now?: () => number;
  /** Who holds; a name of its own for each process. */
  readonly holder?: string;
}

/** How much sooner than the others a process takes itself for dead: their clocks may be ahead. */
const marginMs = 500;

/** What one request may ask for (BatchGetItem, API reference). */
const askedAtOnce = 100;

/**
 * Which process may do what only one should. A process says that it lives, one write for all it holds; what
 * it holds is its own until it gives it back, has been silent for `leaseMs`, or has offered it to the others.
 *
 * Taking, giving back and taking over are one conditional write each.
 */
export function leases({
  client,
  table: TableName,
  leaseMs,
  now = Date.now,
  holder = randomUUID(),
}: LeaseOptions) {
  const mine = new Set<string>();
  let living = new Set<string>();
  let myTimeIsOver = 0;
  let offering = false;
  const membership = { pk: text("holders"), sk: text(holder) };
  const names = { "#holder": "holder" };

  const lives = () => now() < myTimeIsOver - marginMs;

  async function look(): Promise<Set<string>> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": membership.pk },
      }),
    );
    const alive = Items.filter(
      ({ until, offering }) => !offering && (numberOf(until) ?? 0) > now(),
    );
    return new Set(alive.map(({ sk }) => stringOf(sk) ?? ""));
  }

  /** Says that this process lives, or that it lives and will go. */
  async function say(): Promise<void> {
    const until = now() + leaseMs;
    const Item = {
      ...{ ...membership, until: number(until), expires: expires(until + 86_400_000) },
      ...(offering && { offering: { BOOL: true } }),
    };
    await client.send(new PutItemCommand({ TableName, Item }));
    myTimeIsOver = until;
  }

  const holderOf = async (name: string): Promise<string> => {
    const get = new GetItemCommand({ TableName, Key: keyOf.lease(name), ConsistentRead: true });
    return stringOf((await client.send(get)).Item?.holder) ?? "";
  };

  /** Writes the name of the new holder if the old one is still as expected; answers who it is otherwise. */
  async function take(name: string, from: string | undefined): Promise<string> {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf.lease(name),
          UpdateExpression: "SET #holder = :me REMOVE #ready",
          ConditionExpression: from
            ? "#holder = :from"
            : "attribute_not_exists(#holder) OR #holder = :me",
          ExpressionAttributeNames: { ...names, "#ready": "ready" },
          ExpressionAttributeValues: { ":me": text(holder), ...(from && { ":from": text(from) }) },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return holder;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return stringOf(error.Item?.holder) ?? "";
    }
  }

  return {
    holder,

    /**
     * Says that this process lives, and learns who else does; true when it is time to look again at what is
     * held by whom: one of the others died or will go, or this one was taken for dead.
     */
    async beat(): Promise<boolean> {
      // A process that was thought dead may have lost everything meanwhile.
      const lost = !lives() && mine.size > 0;
      if (lost) mine.clear();
      await say();
      const before = living;
      living = await look();
      return lost || [...before].some((one) => !living.has(one));
    },

    /** Offers all it holds to the others, and goes on holding it until they have it; false when nobody is there. */
    async offer(): Promise<boolean> {
      offering = true;
      await say();
      living = await look();
      return living.size > 0;
    },

    /** Says that what is held is in use: whoever has offered it may let go. */
    async ready(name: string): Promise<void> {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf.lease(name),
            UpdateExpression: "SET #ready = :yes",
            ConditionExpression: "#holder = :me",
            ExpressionAttributeNames: { ...names, "#ready": "ready" },
            ExpressionAttributeValues: { ":me": text(holder), ":yes": { BOOL: true } },
          }),
        );
      } catch (error) {
        if (!refused(error)) throw error;
      }
    },

    /** Which of these another process has taken, and has in use. */
    async taken(names: readonly string[]): Promise<readonly string[]> {
      const found: string[] = [];
      for (let from = 0; from < names.length; from += askedAtOnce) {
        const asked = names.slice(from, from + askedAtOnce);
        const byKey = new Map(asked.map((name) => [stringOf(keyOf.lease(name).pk), name]));
        const Keys = asked.map((name) => keyOf.lease(name));
        // What is not answered for want of capacity is asked for again next time.
        const { Responses = {} } = await client.send(
          new BatchGetItemCommand({
            RequestItems: { [TableName]: { Keys, ConsistentRead: true } },
          }),
        );
        for (const { pk, holder: of, ready } of Responses[TableName] ?? [])
          if (ready?.BOOL && stringOf(of) !== holder) found.push(byKey.get(stringOf(pk)) ?? "");
      }
      return found;
    },

    /** Takes a name, or has it already; false when a living process has it, or this one does not live. */
    async hold(name: string): Promise<boolean> {
      if (!lives()) return false;
      if (mine.has(name)) return true;
      if (offering) return false;
      // Asking who has it costs a fifth of trying to take it, and mostly somebody has.
      let found = await holderOf(name);
      if (found === "") found = await take(name, undefined);
      let won = found === holder;
      if (!won && !living.has(found)) {
        // It may have come since the last look.
        living = await look();
        won = !living.has(found) && (await take(name, found || undefined)) === holder;
      }
      if (won) mine.add(name);
      return won && lives();
    },

    /** Gives a name back; nothing happens when somebody else has it. */
    async release(name: string): Promise<void> {
      mine.delete(name);
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf.lease(name),
            ConditionExpression: "#holder = :me",
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ":me": text(holder) },
          }),
        );
      } catch (error) {
        if (!refused(error)) throw error;
      }
    },

    /** Says good-bye: what it has not given back is free for the others. */
    async leave(): Promise<void> {
      mine.clear();
      myTimeIsOver = 0;
      await client.send(new DeleteItemCommand({ TableName, Key: membership }));
    },
  };
}
