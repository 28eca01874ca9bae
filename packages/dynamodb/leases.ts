import { randomUUID } from "node:crypto";
import { DeleteItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { keyOf, number, refused, type TableOptions, text } from "./table.ts";

export interface LeaseOptions extends TableOptions {
  /** How long a lease holds without being renewed (ms). */
  readonly leaseMs: number;
  readonly now?: () => number;
  /** Who holds; a name of its own for each process. */
  readonly holder?: string;
}

/**
 * Which process may do what only one should: a lease for each name, taken, renewed or taken over by one
 * conditional write.
 *
 * A process that stopped without a word is taken over from when its lease is over; the clocks of
 * two processes may differ, so whoever holds should stop in time (`leaseMs` less a second).
 */
export function leases({
  client,
  table: TableName,
  leaseMs,
  now = Date.now,
  holder = randomUUID(),
}: LeaseOptions) {
  const names = { "#holder": "holder", "#until": "until" };
  return {
    holder,
    /** Takes or renews; false when somebody else holds it. */
    async hold(name: string): Promise<boolean> {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf.lease(name),
            UpdateExpression: "SET #holder = :holder, #until = :until, expires = :expires",
            ConditionExpression:
              "attribute_not_exists(#until) OR #until <= :now OR #holder = :holder",
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: {
              ":holder": text(holder),
              ":until": number(now() + leaseMs),
              ":now": number(now()),
              ":expires": number(Math.ceil((now() + leaseMs) / 1_000) + 86_400),
            },
          }),
        );
        return true;
      } catch (error) {
        if (refused(error)) return false;
        throw error;
      }
    },
    /** Gives a lease back; nothing happens when somebody else has it. */
    async release(name: string): Promise<void> {
      await client
        .send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf.lease(name),
            ConditionExpression: "#holder = :holder",
            ExpressionAttributeNames: { "#holder": "holder" },
            ExpressionAttributeValues: { ":holder": text(holder) },
          }),
        )
        .catch((error) => {
          if (!refused(error)) throw error;
        });
    },
  };
}
