/// <reference path="../.sst/platform/config.d.ts" />

import type { eventBus } from "./bus.ts";
import type { Env } from "./env.ts";
import type { stateStore } from "./state-store.ts";

/** Lambda's time for one batch: less than a lease (15 s), a sixth of what a queue hides a message for. */
export const functionSeconds = 10;
export const visibilitySeconds = 6 * functionSeconds;

export interface Shared {
  readonly env: Env;
  readonly bus: ReturnType<typeof eventBus>["bus"];
  readonly store: ReturnType<typeof stateStore>;
  /** Our own chat flow in the instance; nothing for what is made before it. */
  readonly chatFlow?: aws.connect.ContactFlow;
  /** Where new chats are streamed to; nothing where sockets alone hear them. */
  readonly streamingTopic?: $util.Output<string>;
  /** By channel, for those whose carrier calls us by HTTPS. */
  readonly webhooks?: Readonly<Record<string, Webhooks>>;
}

/** Where a carrier reaches `/webhooks`, and the secrets that are its channel's. */
export interface Webhooks {
  readonly url: $util.Output<string>;
  readonly secrets: readonly sst.Secret[];
}

interface Given {
  readonly handler: string;
  readonly environment?: Record<string, $util.Input<string>>;
  readonly permissions?: sst.aws.FunctionPermissionArgs[];
  readonly seconds?: number;
  readonly secrets?: readonly sst.Secret[];
  /** What it is linked to, where that is not what a stage is. */
  readonly links?: readonly unknown[];
  /** What it may do with the key that tables are encrypted by. */
  readonly keyActions?: string[];
}

/** What every function of ours has in common: runtime, links, settings file, logs that are not kept for ever. */
export function functionArgs({ env, bus, store }: Shared, given: Given): sst.aws.FunctionArgs {
  const { seconds = functionSeconds, keyActions = ["kms:Decrypt", "kms:GenerateDataKey"] } = given;
  return {
    handler: given.handler,
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: "512 MB",
    timeout: `${seconds} seconds`,
    link: [...(given.links ?? [bus, store.state, store.secret]), ...(given.secrets ?? [])],
    environment: { HOLDLINE_CONFIG: "holdline.config.json", ...given.environment },
    copyFiles: [{ from: env.file, to: "holdline.config.json" }],
    permissions: [
      { actions: keyActions, resources: [store.key.arn] },
      ...(given.permissions ?? []),
    ],
    nodejs: { minify: true },
    logging: { retention: "1 month", format: "json" },
  };
}
