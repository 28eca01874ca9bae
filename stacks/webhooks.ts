/// <reference path="../.sst/platform/config.d.ts" />
import { speaks, webhookChannels } from "../services/settings/index.ts";
import { functionArgs, type Shared, type Webhooks } from "./functions.ts";

/**
 * For each channel whose carrier calls us and that a number of ours is on: a function behind a URL of its own.
 * It asks nobody for IAM's leave, and lets in nothing that the carrier has not signed.
 */
export function webhooks(shared: Shared): Record<string, Webhooks> {
  const { settings } = shared.env;
  const all = Object.entries(webhookChannels) as [
    keyof typeof webhookChannels,
    readonly string[],
  ][];
  return Object.fromEntries(
    all
      .filter(([channel]) => speaks(settings, channel))
      .map(([channel, names]) => {
        const secrets = names.map((name) => new sst.Secret(name));
        const given = functionArgs(shared, {
          handler: "services/doors/webhook.lambda.handler",
          environment: { HOLDLINE_CHANNEL: channel },
          secrets,
        });
        const title = channel.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
        const fn = new sst.aws.Function(`Webhook${title}`, {
          ...given,
          url: { authorization: "none", cors: false },
        });
        return [channel, { url: fn.url, secrets }];
      }),
  );
}
