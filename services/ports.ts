import type { Bot } from "@holdline/bots";
import type { Channel } from "@holdline/channels";
import type { Contacts } from "@holdline/connect";
import type { SettingsPort } from "./settings/index.ts";

/** Everything a stage may reach for. A stage's signature picks what it needs, and that is its whole list. */
export interface Ports {
  readonly settings: SettingsPort;
  /** A channel by its folder's name. Throws a `DeadLetter` for one that is not there. */
  channel(name: string): Channel;
  /** The bot that answers for one of our numbers. */
  bot(business: string): Bot;
  readonly contacts: Contacts;
  /** Up to which time (epoch ms) the carrier's receipts have been read; nothing where none come. */
  readonly receiptsHeardUntil?: () => number;
}
