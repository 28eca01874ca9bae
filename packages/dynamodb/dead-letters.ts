import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Event } from "@holdline/events";
import { expires, type Item, stringOf, type TableOptions, text } from "./table.ts";

/** Dead letters kept where a person can look at them, beside the state. */
export interface DeadLetters {
  /** Keeping one again is harmless. */
  keep(letter: Event): Promise<void>;
  /** All of them, oldest first. */
  list(): Promise<readonly Event[]>;
}

const dayMs = 86_400_000;

/** Keeps dead letters in the table for `keptForMs`: long enough to be noticed, and they hold customers' texts. */
export function deadLetters({
  client,
  table: TableName,
  now = Date.now,
  keptForMs = 30 * dayMs,
}: TableOptions & { readonly now?: () => number; readonly keptForMs?: number }): DeadLetters {
  const pk = text("dead-letters");
  return {
    async keep(letter) {
      const Item = {
        ...{ pk, sk: text(`${letter.time}#${letter.id}`), body: text(JSON.stringify(letter)) },
        expires: expires(now() + keptForMs),
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },

    async list() {
      const letters: Event[] = [];
      let next: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            ...{ TableName, ConsistentRead: true, KeyConditionExpression: "pk = :pk" },
            ExpressionAttributeValues: { ":pk": pk },
            ...(next && { ExclusiveStartKey: next }),
          }),
        );
        for (const { body } of Items) letters.push(JSON.parse(stringOf(body) ?? "") as Event);
        next = LastEvaluatedKey;
      } while (next);
      return letters;
    },
  };
}
