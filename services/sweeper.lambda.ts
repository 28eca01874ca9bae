import { publishDue } from "@holdline/runtime";
import { awsSurroundings } from "./aws-surroundings.ts";
import type { FunctionContext } from "./main.lambda.ts";
import { stackOf } from "./observe.ts";

/** What is left of an invocation when the sweeper stops looking, so that it ends by itself. */
const marginMs = 3_000;
const everyMs = 2_000;

/**
 * Publishes delayed drafts when they are due: started every minute, it looks until its time is over.
 * Two that overlap let each draft in once.
 */
export async function handler(_: unknown, context: FunctionContext): Promise<void> {
  const { store, ingress, log } = awsSurroundings();
  await publishDue(store, ingress, {
    now: () => new Date(),
    everyMs,
    signal: AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - marginMs)),
    failed: (error) => log.error({ stack: stackOf(error) }, "could not publish what is due"),
  });
}
