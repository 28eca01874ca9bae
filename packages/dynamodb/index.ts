import type { StateStore } from "@holdline/runtime";
import { records } from "./records.ts";
import { shelves } from "./shelves.ts";
import type { TableOptions } from "./table.ts";

export { type Capacity, countCapacity } from "./capacity.ts";
export { dynamoClient } from "./client.ts";
export { type DeadLetters, deadLetters } from "./dead-letters.ts";
export { dynamoFaqTable } from "./faq-table.ts";
export { type LeaseOptions, leases } from "./leases.ts";
export type { TableOptions } from "./table.ts";

export interface DynamoStoreOptions extends TableOptions {
  readonly now?: () => number;
  /** How long an id let in by a door is remembered. Longer than any carrier or Connect repeats itself. */
  readonly seenForMs?: number;
  /** How long the marks of a dead-lettered event are kept for its redrive. */
  readonly marksForMs?: number;
}

const dayMs = 86_400_000;

/**
 * The state store in one DynamoDB table, shared by any number of processes.
 *
 * Every method is one conditional write, or one transaction, and every read is strongly consistent.
 * Leases are told by the clocks of those who claim: they may differ by less than a lease is longer
 * than a run (15 s against a function's 10 s).
 */
export function dynamoStore({
  client,
  table,
  now = Date.now,
  seenForMs = 14 * dayMs,
  marksForMs = 30 * dayMs,
}: DynamoStoreOptions): StateStore {
  const { progress, ...recorded } = records({ client, table, now, seenForMs, marksForMs });
  const { delayedOf, ...shelved } = shelves({ client, table }, now);
  return {
    name: "dynamodb",
    ...recorded,
    ...shelved,
    /** Marks have their tokens for keys: which effects were begun cannot be listed. */
    async remembered(key, stages) {
      const [delayed, ...stands] = await Promise.all([
        delayedOf(key),
        ...stages.map(async (stage) => [stage, await progress(stage, key)] as const),
      ]);
      return { stages: Object.fromEntries(stands), begun: [], delayed };
    },
  };
}
