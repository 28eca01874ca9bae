import { existsSync } from "node:fs";
import * as z from "zod";

const Environment = z.object({
  /** The one port of the stand-in for AWS. */
  HOLDLINE_PORT: z.coerce.number().int().min(0).max(65_534).default(4610),
  /** The port of /healthz, /metrics and the tools; the one after HOLDLINE_PORT where it is not set. */
  HOLDLINE_OPS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Where every server listens. */
  HOLDLINE_HOST: z.string().min(1).default("127.0.0.1"),
  /** The data folder. */
  HOLDLINE_DATA: z.string().min(1).default(".holdline"),
  /** The settings file. */
  HOLDLINE_CONFIG: z.string().min(1).default("holdline.config.json"),
  /** Quotas as AWS has them, a factor, or none. */
  HOLDLINE_QUOTAS: z
    .union([z.enum(["aws", "off"]), z.coerce.number().positive()], "aws, off or a factor above 0")
    .default("aws"),
  /** Divides lives, timeouts and waits, not quotas. */
  HOLDLINE_SPEED: z.coerce.number().positive().max(10_000).default(1),
  HOLDLINE_LOG: z.enum(["debug", "info", "warn", "error", "silent"]).default("warn"),
  /** The key conversations are named by; made in the data folder where it is not set. */
  HOLDLINE_SECRET: z.string().min(32).optional(),
  /** Of the Twilio account, where a number is on `sms-twilio`. */
  HOLDLINE_TWILIO_AUTH_TOKEN: z.string().min(16).optional(),
  /** The DynamoDB table of the FAQ commands; without it they use the data folder. */
  HOLDLINE_FAQ_TABLE: z.string().min(3).max(255).optional(),
  /** The state store that the processes over Kafka share; the socket in the data folder where it is not set. */
  HOLDLINE_STORE: z
    .string()
    .regex(/^(unix|dynamodb):.+$/, "unix:<path of the socket> or dynamodb:<table>")
    .optional(),
  /** Over the `kafka` settings: brokers, and the password of `sasl`. */
  HOLDLINE_KAFKA_BROKERS: z.string().min(1).optional(),
  HOLDLINE_KAFKA_PASSWORD: z.string().min(1).optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
  AWS_REGION: z.string().min(1).optional(),
});

/** What the environment says, checked. Empty variables count as not set. */
export type Environment = z.output<typeof Environment>;

/** Reads the environment; an error names the variable and what it should be. */
export function environment(variables: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(set);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment is not usable:\n${z.prettifyError(parsed.error)}`);
}

/** The settings file, which need not be there; one that was named must be. */
export function settingsFileOf({ HOLDLINE_CONFIG: file }: Environment): string {
  if (process.env.HOLDLINE_CONFIG && !existsSync(file))
    throw new Error(`there is no ${file} (HOLDLINE_CONFIG)`);
  return file;
}

/** How much of AWS's quotas there is: 1, a factor of it, or no end. */
export const quotaFactor = (quotas: Environment["HOLDLINE_QUOTAS"]): number => {
  if (quotas === "aws") return 1;
  return quotas === "off" ? Number.POSITIVE_INFINITY : quotas;
};

/** Whether AWS calls go to this machine: only then may defaults of the stand-in be assumed. */
export const isLoopback = (endpoint: string | undefined): boolean =>
  endpoint !== undefined &&
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(endpoint).hostname);
