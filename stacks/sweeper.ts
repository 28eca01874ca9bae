/// <reference path="../.sst/platform/config.d.ts" />
import { functionArgs, type Shared } from "./functions.ts";

/** Publishes delayed drafts when they are due: started every minute, it looks until the next one starts. */
export function sweeper(shared: Shared): void {
  new sst.aws.CronV2("Sweeper", {
    schedule: "rate(1 minute)",
    retries: 0,
    function: functionArgs(shared, { handler: "services/sweeper.lambda.handler", seconds: 60 }),
  });
}
