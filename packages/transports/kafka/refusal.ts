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
