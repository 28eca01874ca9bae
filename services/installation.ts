import { KafkaOptions } from "@holdline/kafka/options";
import { type Environment, isLoopback, quotaFactor, settingsFileOf } from "./environment.ts";
import type { AwsPlace, ChannelSecrets } from "./ports.live.ts";
import {
  loadKafka,
  loadSettings,
  type Settings,
  type SettingsPort,
  settingsPort,
} from "./settings/index.ts";
import { standInCredentials, standInSettings } from "./stand-in.ts";

/** Where a program of ours stands: which AWS, which settings. */
export interface Installation {
  /** AWS is the stand-in, which is told by its address being a loopback one. */
  readonly standIn: boolean;
  readonly place: AwsPlace & ChannelSecrets;
  readonly settings: Settings;
  /** The settings as stages see them. */
  readonly port: SettingsPort;
}

/** Reads where this program stands from the environment and the settings file; `polls` says that queues are needed. */
export function installation(env: Environment, { polls }: { polls: boolean }): Installation {
  const { HOLDLINE_SPEED: speed, AWS_ENDPOINT_URL: endpoint } = env;
  const standIn = isLoopback(endpoint);
  if (standIn) standInCredentials(process.env);
  const region = env.AWS_REGION ?? (standIn ? "us-west-2" : undefined);
  if (!region)
    throw new Error("AWS_REGION is not set; set it to the region of your Connect instance");
  const settings = loadSettings(
    standIn ? settingsFileOf(env) : env.HOLDLINE_CONFIG,
    standIn ? standInSettings(endpoint ?? "") : {},
    { polls, over: (given) => withBrokers(given, env) },
  );
  const { HOLDLINE_TWILIO_AUTH_TOKEN: authToken } = env;
  const quotas = quotaFactor(env.HOLDLINE_QUOTAS);
  return {
    ...{ standIn, settings },
    place: {
      ...{ region, endpoint, publicUrl: () => settings.publicUrl },
      ...(authToken !== undefined && { twilioAuthToken: () => authToken }),
    },
    port: settingsPort(settings, { speed, quotas }),
  };
}

/** Our numbers alone, by the settings or the stand-in's where there are none, for who only looks. */
export const numbersOf = ({ HOLDLINE_CONFIG }: Environment): Settings["numbers"] =>
  loadSettings(HOLDLINE_CONFIG, standInSettings("http://127.0.0.1")).numbers;

/** The brokers alone, for who only reads what they hold. */
export function brokersOf(env: Environment): KafkaOptions {
  const { kafka } = loadKafka(env.HOLDLINE_CONFIG, (given) => withBrokers(given, env));
  if (kafka) return kafka;
  throw new Error(
    `the brokers are not set: put them into \`kafka\` in ${env.HOLDLINE_CONFIG}, or set HOLDLINE_KAFKA_BROKERS`,
  );
}

/** Which installation on which brokers: processes that say the same are of one pipeline. */
export function placeOf(options: KafkaOptions): string {
  const { brokers, prefix } = KafkaOptions.parse(options);
  return `${prefix} on ${brokers.toSorted().join(", ")}`;
}

/** The environment's brokers and password over the file's. */
function withBrokers(given: Record<string, unknown>, env: Environment): Record<string, unknown> {
  const { HOLDLINE_KAFKA_BROKERS: brokers, HOLDLINE_KAFKA_PASSWORD: password } = env;
  const kafka = given.kafka as { readonly sasl?: object } | undefined;
  if (brokers === undefined && (password === undefined || !kafka)) return given;
  const sasl = password !== undefined && kafka?.sasl && { sasl: { ...kafka.sasl, password } };
  return {
    ...given,
    kafka: { ...kafka, ...(brokers !== undefined && { brokers: brokers.split(",") }), ...sasl },
  };
}
