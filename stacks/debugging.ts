/// <reference path="../.sst/platform/config.d.ts" />
import { capturePattern } from "@holdline/eventbridge/pattern";
import type { Env } from "./env.ts";
import { fill, queueWithDeadLetters } from "./queues.ts";

interface Debugged {
  readonly bus: sst.aws.Bus;
  readonly archive: aws.cloudwatch.EventArchive;
}

/**
 * Where a replay of the archive is captured for `holdline archive export --from eventbridge`: a rule that sees
 * replays alone, and its queue. No function reads it, and no alarm watches it. Only where the settings ask for
 * it, and never in production: it holds what customers said.
 */
export function debugging({ deployment, production }: Env, { bus, archive }: Debugged) {
  if (!deployment.debugging || production) return undefined;
  const pair = queueWithDeadLetters("Capture", "events");
  const rule = fill(bus, pair, capturePattern);
  return { pair, exportFrom: { archive: archive.arn, rule, queue: pair.queue.url } };
}
