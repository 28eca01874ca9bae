import type { Emulator } from "@holdline/peers";

/** What leads a program's SDK clients to the emulator, and to the stand-in for what that does not have. */
export const placeVariables = (
  { endpoint, region, credentials }: Emulator,
  standInUrl: string,
): Readonly<Record<string, string>> => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_ENDPOINT_URL: standInUrl,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
  AWS_ENDPOINT_URL_SQS: endpoint,
});

/** What SST would give a program that `stacks/` deploys: its links, and where its settings are. */
export const deployedVariables = (made: {
  readonly busName: string;
  readonly table: string;
  readonly config: string;
}): Readonly<Record<string, string>> => ({
  HOLDLINE_CONFIG: made.config,
  POWERTOOLS_METRICS_DISABLED: "true",
  SST_RESOURCES_JSON: JSON.stringify({
    App: { name: "holdline", stage: "emulated" },
    Bus: { name: made.busName },
    State: { name: made.table },
    ConversationSecret: { value: "an emulated secret of more than 32 characters" },
  }),
});
