import { conversationKey } from "@holdline/channels/reading";
import { type Environment, settingsFileOf } from "../environment.ts";
import type { Wanted } from "../replay/source.ts";
import { keptSecret } from "../secret.ts";
import { loadSettings, type Settings } from "../settings/index.ts";
import { standInSettings } from "../stand-in.ts";

/** Which part of a history somebody asked for. */
export interface Chosen {
  readonly conversation?: string;
  readonly phone?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The settings of who only reads: without a file the stand-in's, as in `npm start`; no address in them is asked. */
export function settingsOf(env: Environment): Settings {
  return loadSettings(settingsFileOf(env), standInSettings("http://127.0.0.1"));
}

/** Which conversations, and of which time, are meant. */
export function wantedOf({ conversation, phone, from, to }: Chosen, env: Environment): Wanted {
  if (conversation !== undefined && phone !== undefined)
    throw new Error("give --conversation or --phone, not both");
  const keys = phone === undefined ? conversation && [conversation] : keysOf(phone, env);
  return { keys: keys || undefined, from: instant("--from", from), to: instant("--to", to) };
}

/** A customer has a conversation with each of our numbers. */
function keysOf(phone: string, env: Environment): readonly string[] {
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) throw new Error("--phone is E.164, such as +12065550123");
  const secret = keptSecret(env.HOLDLINE_DATA, env.HOLDLINE_SECRET);
  return settingsOf(env).numbers.map(({ channel, address }) =>
    conversationKey(secret, channel, address, phone),
  );
}

function instant(option: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const time = Date.parse(given);
  if (Number.isNaN(time)) throw new Error(`${option} is a time such as 2026-11-27T15:00:00Z`);
  return new Date(time).toISOString();
}
