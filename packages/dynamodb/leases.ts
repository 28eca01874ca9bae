import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
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

/**
 * Which process may do what only one should. A process says that it lives, one write for all it holds; what
 * it holds is its own until it gives it back or has been silent for `leaseMs`.
 *
 * Taking, giving back and taking over from the dead are one conditional write each.
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
    const alive = Items.filter(({ until }) => (numberOf(until) ?? 0) > now());
    return new Set(alive.map(({ sk }) => stringOf(sk) ?? ""));
  }

  /** Writes the name of the new holder if the old one is still as expected; answers who it is otherwise. */
  async function take(name: string, from: string | undefined): Promise<string> {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf.lease(name),
          UpdateExpression: "SET #holder = :me",
          ConditionExpression: from
            ? "#holder = :from"
            : "attribute_not_exists(#holder) OR #holder = :me",
          ExpressionAttributeNames: names,
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

    /** Says that this process lives, and learns who else does; true when one of the others has died. */
    async beat(): Promise<boolean> {
      // A process that was thought dead may have lost everything meanwhile.
      if (!lives()) mine.clear();
      const until = now() + leaseMs;
      const Item = { ...membership, until: number(until), expires: expires(until + 86_400_000) };
      await client.send(new PutItemCommand({ TableName, Item }));
      myTimeIsOver = until;
      const before = living;
      living = await look();
      return [...before].some((one) => !living.has(one));
    },

    /** Takes a name, or has it already; false when a living process has it, or this one does not live. */
    async hold(name: string): Promise<boolean> {
      if (!lives()) return false;
      if (mine.has(name)) return true;
      const found = await take(name, undefined);
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
