import { existsSync, readFileSync } from "node:fs";
import { KafkaOptions } from "@holdline/kafka/options";
import * as z from "zod";
import { FaqSettings } from "./faq.ts";
import { type NumberSettings, Settings } from "./schema.ts";
import { shippedWording, type Wording } from "./wording.ts";

export {
  type NumberSettings,
  ownFlow,
  type Settings,
  speaks,
  webhookChannels,
} from "./schema.ts";
export { type Wording, worded } from "./wording.ts";

/** What a stage may know of the settings: by business number, already resolved. */
export interface SettingsPort {
  readonly limits: Settings["limits"];
  readonly organisation: string;
  /** The settings of one of our numbers; nothing for a number that is not ours. */
  number(address: string): NumberSettings | undefined;
  /** What we say, from this number, in this language. */
  wording(address: string, language: string): Wording;
}

/** How the settings are scaled: waits divided by `speed`, quotas multiplied by `quotas` (Infinity: none). */
export interface Scale {
  readonly speed: number;
  readonly quotas: number;
}

/** The settings as stages see them. */
export function settingsPort(settings: Settings, { speed, quotas }: Scale): SettingsPort {
  const numbers = new Map(
    settings.numbers.map((number) => [
      number.address,
      { ...number, partsPerSecond: number.partsPerSecond * quotas },
    ]),
  );
  const { limits } = settings;
  return {
    organisation: settings.organisation,
    limits: {
      ...limits,
      offerExpiryHours: limits.offerExpiryHours / speed,
      yesUnansweredSeconds: limits.yesUnansweredSeconds / speed,
      contactRetryMinutes: limits.contactRetryMinutes / speed,
      idleCloseHours: limits.idleCloseHours / speed,
      replyMaxAgeMinutes: limits.replyMaxAgeMinutes / speed,
      unsureWaitSeconds: limits.unsureWaitSeconds / speed,
      perRecipientPerSecond: limits.perRecipientPerSecond * quotas,
      startChatPerSecond: limits.startChatPerSecond * quotas,
      sendMessagePerSecond: limits.sendMessagePerSecond * quotas,
      connectionsPerSecond: limits.connectionsPerSecond * quotas,
    },
    number: (address) => numbers.get(address),
    wording(address, language) {
      const number = numbers.get(address);
      return { ...shippedWording(language), ...number?.wording } as Wording;
    },
  };
}

interface Loading {
  /** The program polls queues, and needs to be told which. */
  readonly polls?: boolean;
  /** What goes over the file. */
  readonly over?: (given: Record<string, unknown>) => Record<string, unknown>;
}

/** Reads and checks a settings file over `defaults`. An error names the file, the setting and what it should be. */
export function loadSettings(
  path: string,
  defaults: Record<string, unknown> = {},
  { polls = false, over = (given) => given }: Loading = {},
): Settings {
  const given = over({ ...defaults, ...fileOf(path) });
  const parsed = Settings.safeParse(given);
  const unpolled = polls && given.queues === undefined;
  if (parsed.success && !unpolled) return parsed.data;
  const wrong = [
    ...(parsed.error ? [z.prettifyError(parsed.error)] : []),
    ...(unpolled ? ["✖ the URLs of the SQS queues to poll are missing\n  → at queues"] : []),
  ];
  throw notUsable(path, wrong.join("\n"));
}

/** What a settings file says of the FAQ, for commands that need nothing else of it. */
export function loadFaqSettings(path: string): FaqSettings {
  const { faq = {} } = existsSync(path) ? readJson(path) : {};
  const parsed = FaqSettings.safeParse(faq);
  if (parsed.success) return parsed.data;
  throw new Error(`faq in ${path} is not usable:\n${z.prettifyError(parsed.error)}`);
}

/** Reads and checks the `kafka` settings alone: a history can be taken from where no pipeline runs. */
export function loadKafka(path: string, over: NonNullable<Loading["over"]>) {
  const parsed = z.object({ kafka: KafkaOptions.optional() }).safeParse(over(fileOf(path)));
  if (parsed.success) return parsed.data;
  throw notUsable(path, z.prettifyError(parsed.error));
}

function notUsable(path: string, wrong: string): Error {
  const where = existsSync(path) ? path : `${path} (which does not exist)`;
  return new Error(`The settings in ${where} are not usable:\n${wrong}`);
}

const fileOf = (path: string): Record<string, unknown> => (existsSync(path) ? readJson(path) : {});

function readJson(path: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new Error(`${path} is not a JSON object: ${String(cause)}`, { cause });
  }
}
