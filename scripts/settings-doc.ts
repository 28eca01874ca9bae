import { readFileSync } from "node:fs";
import * as z from "zod";
import { Settings } from "../services/settings/schema.ts";
import { shippedWording } from "../services/settings/wording.ts";
import { type JsonSchema, kindOf, notesIn, table } from "./docstrings.ts";

/** What the schema's own docstrings leave to be understood. */
const more: Readonly<Record<string, string>> = {
  address: "The business number, in E.164.",
  channel: "The folder in `packages/channels` that speaks for the number.",
  language: "What we speak where the caller's own is not known, and what the bot is asked in.",
  wording: "What this number says differently; see the end of this page.",
  configurationSet: "Of End User Messaging. Without one no delivery event ever comes.",
  applicationId: "The Pinpoint project; needed with `via: pinpoint`.",
  least: "Of `holders`: how many there always are.",
  most: "Of `holders`: how many there may be.",
  inbound: "URL of the SQS queue of two-way texts.",
  delivery: "URL of the SQS queue of delivery events.",
  offerExpiryHours: "An offer that is not answered by then is declined.",
  contactRetryMinutes: "When a chat that Connect refused for now is tried again.",
  contactRetries: "How often; then the customer is told to call.",
  idleCloseHours: "A chat in which nobody said anything for so long is closed.",
  sendMessagePerSecond: "As above.",
  connectionsPerSecond: "As above.",
  chatMinutes: "How long Connect lets a chat live.",
  relayCharacters: "A longer text goes to the agent in parts.",
};

/** Every setting of the settings file, from its schema. */
export function settingsDoc(): string {
  const source = [
    "services/settings/schema",
    "services/settings/faq",
    "packages/transports/kafka/options",
  ]
    .map((name) => new URL(`../${name}.ts`, import.meta.url))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const notes = new Map([...Object.entries(more), ...notesIn(source), ["wording", more.wording]]);
  const schema = z.toJSONSchema(Settings, { io: "input" }) as JsonSchema;
  const { numbers, bots, sms, twilio, queues, limits, faq, kafka, aws } = schema.properties ?? {};
  const { oneOf: kinds = [] } = (bots?.additionalProperties ?? {}) as JsonSchema;

  const rows = (of: JsonSchema | undefined, but: readonly string[] = []) =>
    Object.entries(of?.properties ?? {})
      .filter(([name]) => !but.includes(name))
      .map(([name, field]) => [
        `\`${name}\``,
        name === "wording" ? "wordings by name" : kindOf(field),
        of?.required?.includes(name) ? "needed" : defaultOf(field),
        notes.get(name) ?? "",
      ]);
  const settings = (of: JsonSchema | undefined, but?: readonly string[]) =>
    table(["Setting", "Is", "Default", "Note"], rows(of, but));
  const wordings = Object.entries(shippedWording("en")).map(([name, words]) => [
    `\`${name}\``,
    words,
  ]);

  return [
    "# Settings",
    "Written by `npm run gen` from `services/settings/`. Do not edit.",
    "The settings are one JSON file, `holdline.config.json` or what `HOLDLINE_CONFIG` names. It is checked at the start; a name that is not listed here is refused. Against the stand-in for AWS every setting has a default and the file is not needed. `holdline.config.example.json` is a file to begin with.",
    "## At the top",
    settings(schema, [
      "numbers",
      "bots",
      "sms",
      "twilio",
      "queues",
      "limits",
      "faq",
      "kafka",
      "aws",
    ]),
    "Beside these: `numbers` (a list, needed), `bots` (by name), `sms`, `twilio`, `queues` (needed where queues are polled: not on AWS), `limits`, `faq`, `kafka` and `aws`.",
    "## numbers",
    settings(numbers?.items),
    "## bots",
    ...kinds.flatMap((one) => [
      `A bot of kind ${kindOf(one.properties?.kind ?? {})}:`,
      settings(one),
    ]),
    "## sms",
    settings(sms),
    "## twilio",
    "Needed by numbers whose channel is `sms-twilio`. The auth token is a secret and not in here: `HOLDLINE_TWILIO_AUTH_TOKEN`, or SST's `TwilioAuthToken`.",
    settings(twilio),
    "## queues",
    settings(queues),
    "## limits",
    "`HOLDLINE_SPEED` divides the times, `HOLDLINE_QUOTAS` multiplies the numbers per second.",
    settings(limits),
    "## faq",
    settings(faq),
    "## kafka",
    "For `holdline serve --transport kafka` and `archive export --from kafka`; nothing else reads it. `HOLDLINE_KAFKA_BROKERS` and `HOLDLINE_KAFKA_PASSWORD` go over `brokers` and `sasl.password`.",
    settings(kafka),
    '`sasl` is `{ mechanism, username, password }` with `plain`, `scram-sha-256` or `scram-sha-512`, or `{ mechanism: "aws-msk-iam", region }`, which takes the AWS credentials at hand and always TLS.',
    "## aws",
    "What a deployment on AWS is told beyond the rest; nothing else reads it.",
    settings(aws),
    settings(aws?.properties?.holders),
    "## wording",
    'What we say in our own name. A number\'s `wording` replaces any of these, in every language; `""` says nothing where silence is allowed. These are the English ones; Spanish is shipped too and is used for languages that begin with `es`.',
    table(["Wording", "English"], wordings),
  ].join("\n\n");
}

function defaultOf(schema: JsonSchema): string {
  if (schema.default === undefined) return "none";
  return `\`${JSON.stringify(schema.default)}\``;
}
