/// <reference path="../.sst/platform/config.d.ts" />
import { loadSettings } from "../services/settings/index.ts";

/** Where and as what all of this is deployed. */
export function environment() {
  const file = process.env.HOLDLINE_CONFIG || "holdline.config.json";
  const settings = loadSettings(file);
  if (!settings.aws)
    throw new Error(`${file} has no aws section; docs/deploy.md says what belongs in it`);
  const account = aws.getCallerIdentityOutput({}).accountId;
  const { region } = aws.getRegionOutput({});
  /** An ARN of this account and region. */
  const arn = (service: string, rest: string) =>
    $interpolate`arn:aws:${service}:${region}:${account}:${rest}`;
  return {
    ...{ settings, file, arn, account, region, deployment: settings.aws },
    name: `${$app.name}-${$app.stage}`,
    production: $app.stage === "production",
  };
}

/** What every file here is given. */
export type Env = ReturnType<typeof environment>;
