import { randomUUID } from "node:crypto";
import { type Table, table } from "../journal/table.ts";
import type { World } from "../world.ts";
import { v1Error } from "./service.ts";

/** One version of an intent; `$LATEST` is the one that can be changed. */
export interface V1Intent {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
  readonly given: V1IntentGiven;
  readonly createdAt: number;
  readonly updatedAt: number;
}
export interface V1IntentGiven extends Readonly<Record<string, unknown>> {
  readonly description?: string | null | undefined;
  readonly sampleUtterances?: readonly string[] | null | undefined;
  readonly fulfillmentActivity?:
    | { readonly type: string; readonly codeHook?: { readonly uri: string } | null | undefined }
    | null
    | undefined;
  readonly parentIntentSignature?: string | null | undefined;
}
/** One version of a bot. */
export interface V1Bot {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
  readonly given: V1BotGiven;
  readonly status: string;
  readonly readyAt?: number;
  readonly comesTo?: { readonly status: string; readonly failureReason?: string };
  readonly failureReason?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}
export interface V1BotGiven extends Readonly<Record<string, unknown>> {
  readonly locale: string;
  readonly description?: string | null | undefined;
  readonly intents?:
    | readonly { readonly intentName: string; readonly intentVersion: string }[]
    | null
    | undefined;
  readonly nluIntentConfidenceThreshold?: number | null | undefined;
}
export interface V1Alias {
  readonly botName: string;
  readonly name: string;
  readonly botVersion: string;
  readonly description?: string | null | undefined;
  readonly checksum: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The version that can be changed. */
export const LATEST = "$LATEST";

/** All Lex V1 bots and intents that were made here. */
export interface V1Store {
  readonly intents: Table<V1Intent>;
  readonly bots: Table<V1Bot>;
  readonly aliases: Table<V1Alias>;
  intent(name: string, version: string): V1Intent;
  /** A bot by a version's number, `$LATEST` or the name of an alias, as it is now. */
  bot(name: string, versionOrAlias: string): V1Bot;
  /** All versions of a thing, `$LATEST` first. */
  versionsOf<T extends { readonly name: string; readonly version: string }>(
    of: Table<T>,
    name: string,
  ): readonly T[];
  /** Whether a bot is built; it is then what it comes to. */
  now(bot: V1Bot): V1Bot;
  scaled(ms: number): number;
}

/** Refuses a change that was decided on something older than what is there. */
export function checkChecksum(
  there: { readonly checksum: string } | undefined,
  checksum: string | null | undefined,
): void {
  if ((checksum ?? undefined) !== there?.checksum)
    throw v1Error(
      "PreconditionFailedException",
      there
        ? "The checksum does not match that of the $LATEST version."
        : "There is nothing yet that this checksum could be of.",
    );
}

/** A checksum of its own for each thing that is put. */
export const newChecksum = (): string => randomUUID();

const order = (version: string) => (version === LATEST ? 0 : Number(version));

/** The bots and intents that the journal remembers. */
export function v1Store(world: World): V1Store {
  const { journal } = world;
  const intents = table<V1Intent>(journal, "lex-v1-intent");
  const bots = table<V1Bot>(journal, "lex-v1-bot");
  const aliases = table<V1Alias>(journal, "lex-v1-alias");
  const now = (bot: V1Bot): V1Bot => {
    const { readyAt, comesTo, ...rest } = bot;
    return readyAt !== undefined && comesTo && Date.now() >= readyAt
      ? { ...rest, ...comesTo }
      : bot;
  };
  const found = <T>(thing: T | undefined, what: string): T => {
    if (!thing) throw v1Error("NotFoundException", `There is no ${what}.`);
    return thing;
  };
  return {
    ...{ intents, bots, aliases, now },
    scaled: (ms) => world.scaled(ms),
    intent: (name, version) =>
      found(intents.get(`${name}/${version}`), `version ${version} of intent ${name}`),
    bot(name, versionOrAlias) {
      const version = aliases.get(`${name}/${versionOrAlias}`)?.botVersion ?? versionOrAlias;
      return now(found(bots.get(`${name}/${version}`), `version ${version} of bot ${name}`));
    },
    versionsOf: (of, name) =>
      [...of.values()]
        .filter((one) => one.name === name)
        .sort((a, b) => order(a.version) - order(b.version)),
  };
}
