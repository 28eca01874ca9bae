import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { contactBook } from "@holdline/connect";
import {
  type Capacity,
  countCapacity,
  type DeadLetters,
  deadLetters,
  dynamoStore,
} from "@holdline/dynamodb";
import { publisher } from "@holdline/eventbridge";
import {
  commitThenPublish,
  type Delivery,
  type Ingress,
  ingress as ingressOver,
  type PublishCommit,
  retryPolicy,
  type StateStore,
} from "@holdline/runtime";
import { Resource } from "sst";
import * as z from "zod";
import { powertoolsLog } from "./log.aws.ts";
import type { Log } from "./log.ts";
import { observer } from "./observe.ts";
import { livePorts } from "./ports.live.ts";
import type { Ports } from "./ports.ts";
import { loadSettings, ownFlow, type Settings, settingsPort } from "./settings/index.ts";

/** What every function on AWS stands in, made once for each process. */
export interface AwsSurroundings {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly store: StateStore;
  readonly commit: PublishCommit;
  readonly ingress: Ingress;
  readonly secret: string;
  readonly letters: DeadLetters;
  /** What this process has consumed of DynamoDB, by operation. */
  readonly capacity: () => Readonly<Record<string, Capacity>>;
  readonly policy: ReturnType<typeof retryPolicy>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly observe: (delivery: Delivery) => void;
}

/** What SST links to a function (`stacks/`). */
type Links = Readonly<Record<string, unknown>>;
const Links = z.object({
  Bus: z.object({ name: z.string().min(1) }),
  State: z.object({ name: z.string().min(1) }),
  ConversationSecret: z.object({ value: z.string().min(32) }),
});

/** What a function's environment says beyond its links. */
const Variables = z.object({
  HOLDLINE_CONFIG: z.string().min(1).default("holdline.config.json"),
  HOLDLINE_SPEED: z.coerce.number().positive().default(1),
  HOLDLINE_LOG: z.enum(["DEBUG", "INFO", "WARN", "ERROR", "SILENT"]).default("INFO"),
  AWS_REGION: z.string().min(1),
  /** The chat flow that SST made, for numbers that name `sms-chat`. */
  HOLDLINE_CHAT_FLOW: z.string().min(1).optional(),
  /** Where new chats are streamed to. */
  HOLDLINE_STREAMING_TOPIC: z.string().startsWith("arn:").optional(),
  /** Where carriers reach our webhooks, by channel. */
  HOLDLINE_WEBHOOKS: z
    .string()
    .default("{}")
    .transform((json) => z.record(z.string(), z.url()).parse(JSON.parse(json))),
});

let made: AwsSurroundings | undefined;

/** The surroundings of this process. Made at the first call: importing a function touches nothing. */
export function awsSurroundings(): AwsSurroundings {
  made ??= make();
  return made;
}

function make(): AwsSurroundings {
  const env = Variables.parse(process.env);
  const { Bus, State, ConversationSecret } = Links.parse({
    Bus: Resource.Bus,
    State: Resource.State,
    ConversationSecret: Resource.ConversationSecret,
  });
  const region = env.AWS_REGION;
  const settings = withFlow(loadSettings(env.HOLDLINE_CONFIG), env.HOLDLINE_CHAT_FLOW);
  const port = settingsPort(settings, { speed: env.HOLDLINE_SPEED, quotas: 1 });
  const client = new DynamoDBClient({ region });
  const capacity = countCapacity(client);
  const store = dynamoStore({ client, table: State.name });
  const publish = publisher({ client: new EventBridgeClient({ region }), busName: Bus.name });
  const commit = commitThenPublish(store, { publish });
  const log = powertoolsLog(new Logger({ serviceName: "holdline", logLevel: env.HOLDLINE_LOG }));
  const metrics = new Metrics({ namespace: "Holdline", serviceName: "holdline" });
  return {
    ...{ settings, store, commit, log, metrics, capacity },
    letters: deadLetters({ client, table: State.name }),
    secret: ConversationSecret.value,
    ports: livePorts(settings, port, contactBook(store), {
      region,
      streamingTopic: env.HOLDLINE_STREAMING_TOPIC,
      publicUrl: (channel) => env.HOLDLINE_WEBHOOKS[channel],
      twilioAuthToken,
    }),
    ingress: ingressOver(store, commit, { now: () => new Date() }),
    policy: retryPolicy({ speed: env.HOLDLINE_SPEED }),
    observe: observer(log, (delivery) => count(metrics, delivery)),
  };
}

/** Linked to those that send by Twilio, or are called by it: reading a link that is not there throws. */
const twilioAuthToken = (): string =>
  z.object({ value: z.string() }).parse((Resource as unknown as Links).TwilioAuthToken).value;

/** The settings with the id of the deployed chat flow in the place of its name. */
const withFlow = (settings: Settings, flow: string | undefined): Settings => ({
  ...settings,
  numbers: settings.numbers.map((number) =>
    number.flow === ownFlow && flow !== undefined ? { ...number, flow } : number,
  ),
});

/** Counts what becomes of events, by stage: `stacks/alarms.ts` watches these. */
function count(metrics: Metrics, { stage, outcome, gap, late }: Delivery): void {
  const of = metrics.singleMetric();
  of.addDimension("stage", stage);
  of.addMetric(`Events${spoken[outcome]}`, MetricUnit.Count, 1);
  if (gap || late) {
    const disorder = metrics.singleMetric();
    disorder.addDimension("stage", stage);
    disorder.addMetric("EventsOutOfOrder", MetricUnit.Count, 1);
  }
}

const spoken: Readonly<Record<Delivery["outcome"], string>> = {
  run: "Run",
  seen: "Seen",
  held: "Held",
  early: "Early",
  retry: "Retried",
  "dead-lettered": "DeadLettered",
  failed: "Failed",
};
