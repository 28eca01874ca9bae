import { setTimeout as sleep } from "node:timers/promises";

/** How long after a crash a consumer begins anew. */
export const restartMs = 1_000;

/** What no other try will change: who we are, what we may, and at the first try what there is. */
export function isForGood(error: unknown, life: number): boolean {
  const { name, type, cause } = error as { name?: string; type?: string; cause?: unknown };
  if (name === "KafkaJSSASLAuthenticationError" || refusals.has(type ?? "")) return true;
  if (life === 1 && type === "UNKNOWN_TOPIC_OR_PARTITION") return true;
  return cause !== undefined && cause !== null && isForGood(cause, life);
}

const refusals = new Set([
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
  "INVALID_GROUP_ID",
]);

/** How often, and after how many ms, something is asked again that moves just now. */
const again = { times: 20, everyMs: 250 };

/**
 * Asks again while a leader or a coordinator is only moving: kafkajs's admin does for hardly any of these. Rejects
 * with the last answer after some five seconds, and at once with any that asking again will not change.
 */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time++) {
    try {
      return await ask();
    } catch (error) {
      const { retriable } = error as { retriable?: boolean };
      if (!retriable || time >= again.times || isForGood(error, 0)) throw error;
      await sleep(again.everyMs);
    }
  }
}
