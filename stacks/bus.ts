/// <reference path="../.sst/platform/config.d.ts" />
import type { Env } from "./env.ts";

/** The bus all events travel on, and its archive: the history, kept encrypted. */
export function eventBus({ name, deployment }: Env) {
  const bus = new sst.aws.Bus("Bus");
  const archive = new aws.cloudwatch.EventArchive("Archive", {
    // At most 48 characters, and nobody shortens it for us.
    name: `${name}-events`.slice(0, 48),
    description: "Every event, to be read and replayed",
    eventSourceArn: bus.arn,
    eventPattern: JSON.stringify({ source: ["holdline"], "replay-name": [{ exists: false }] }),
    retentionDays: deployment.archiveDays,
  });
  return { bus, archive };
}
