import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What was consumed, in read and write request units, and by how many requests. */
export interface Capacity {
  readonly requests: number;
  readonly units: number;
}

/**
 * Counts what each operation of a client consumes, by its name: `UpdateItem`, `TransactWriteItems`, …
 *
 * DynamoDB tells when it is asked to; from here on every request of the client asks.
 */
export function countCapacity(client: DynamoDBClient): () => Readonly<Record<string, Capacity>> {
  const counted: Record<string, { requests: number; units: number }> = {};
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: "TOTAL" };
        const result = await next({ ...args, input } as typeof args);
        const { ConsumedCapacity: consumed } = result.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
        };
        const units = [consumed ?? []]
          .flat()
          .reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
        const name = commandName.replace("Command", "");
        counted[name] ??= { requests: 0, units: 0 };
        const of = counted[name];
        of.requests++;
        of.units += units;
        return result;
      },
    { step: "initialize", name: "countCapacity" },
  );
  return () => structuredClone(counted);
}
