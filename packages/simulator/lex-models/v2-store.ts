import { randomInt } from "node:crypto";
import { type Table, table } from "../journal/table.ts";
import type { World } from "../world.ts";
import { v2Error } from "./service.ts";

/** What is under way, and what it comes to at `at`. */
interface Becoming {
  readonly status: string;
  readonly at: number;
  readonly failureReasons?: readonly string[];
}

/** A thing that AWS makes ready in its own time. */
export interface Pending {
  readonly status: string;
  readonly becomes?: Becoming;
  readonly failureReasons?: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Bot extends Pending {
  readonly botId: string;
  readonly given: Readonly<Record<string, unknown>> & { readonly botName: string };
  readonly lastVersion: number;
}
export interface Locale extends Pending {
  readonly botId: string;
  readonly localeId: string;
  readonly given: Readonly<Record<string, unknown>> & {
    readonly nluIntentConfidenceThreshold: number;
  };
  readonly builtAt?: number;
}
export interface Intent {
  readonly intentId: string;
  readonly botId: string;
  readonly localeId: string;
  readonly given: IntentGiven;
  readonly createdAt: number;
  readonly updatedAt: number;
}
export interface IntentGiven extends Readonly<Record<string, unknown>> {
  readonly intentName: string;
  readonly parentIntentSignature?: string | null | undefined;
  readonly sampleUtterances?: readonly { readonly utterance: string }[] | null | undefined;
  readonly fulfillmentCodeHook?: { readonly enabled: boolean } | null | undefined;
}
/** A numbered version: what was in the draft, as it was built. */
export interface Version extends Pending {
  readonly botId: string;
  readonly botVersion: string;
  readonly description?: string | undefined;
  readonly locales: Readonly<Record<string, Built>>;
}
/** One locale of a bot as it answers. */
export interface Built {
  readonly threshold: number;
  readonly intents: readonly IntentGiven[];
}
export interface Alias extends Pending {
  readonly botId: string;
  readonly botAliasId: string;
  readonly given: AliasGiven;
}
export interface AliasGiven extends Readonly<Record<string, unknown>> {
  readonly botAliasName: string;
  readonly botVersion?: string | null | undefined;
  readonly botAliasLocaleSettings?:
    | Readonly<
        Record<
          string,
          {
            readonly enabled: boolean;
            readonly codeHookSpecification?:
              | { readonly lambdaCodeHook: { readonly lambdaARN: string } }
              | null
              | undefined;
          }
        >
      >
    | null
    | undefined;
}

/** A place for an archive, and what was put there, in base64. */
export interface Upload {
  readonly importId: string;
  readonly zip?: string;
}
/** An archive on its way into a bot. */
export interface Import extends Pending {
  readonly importId: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly botId?: string;
  readonly botName: string;
}

/** All Lex V2 bots that were built here. */
export interface V2Store {
  readonly uploads: Table<Upload>;
  readonly imports: Table<Import>;
  readonly bots: Table<Bot>;
  readonly locales: Table<Locale>;
  readonly intents: Table<Intent>;
  readonly versions: Table<Version>;
  readonly aliases: Table<Alias>;
  /** A thing as it is now: what was under way may have come to its end. */
  now<T extends Pending>(thing: T): T;
  /** Something that is under way for so long, in AWS's time. */
  pending(status: string, comesTo: string, ms: number, reasons?: readonly string[]): PendingStart;
  bot(botId: string): Bot;
  locale(botId: string, botVersion: string, localeId: string): Locale;
  intentsOf(botId: string, localeId: string): readonly Intent[];
  /** The draft of a locale changed: it is no longer what was built. */
  touch(locale: Locale): void;
  id(): string;
}
type PendingStart = Pick<Pending, "status" | "createdAt" | "updatedAt"> & {
  readonly becomes: Becoming;
};

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The bots that the journal remembers. */
export function v2Store(world: World): V2Store {
  const { journal } = world;
  const bots = table<Bot>(journal, "lex-bot");
  const locales = table<Locale>(journal, "lex-locale");
  const intents = table<Intent>(journal, "lex-intent");
  const versions = table<Version>(journal, "lex-version");
  const aliases = table<Alias>(journal, "lex-alias");
  const uploads = table<Upload>(journal, "lex-upload");
  const imports = table<Import>(journal, "lex-import");

  const now = <T extends Pending>(thing: T): T => {
    const { becomes, ...rest } = thing;
    if (!becomes || Date.now() < becomes.at) return thing;
    const { status, failureReasons } = becomes;
    return { ...rest, status, ...(failureReasons && { failureReasons }) } as unknown as T;
  };
  return {
    ...{ bots, locales, intents, versions, aliases, uploads, imports, now },
    pending(status, comesTo, ms, failureReasons) {
      const createdAt = Date.now();
      const at = createdAt + world.scaled(ms);
      const becomes = { status: comesTo, at, ...(failureReasons && { failureReasons }) };
      return { status, createdAt, updatedAt: createdAt, becomes };
    },
    bot(botId) {
      const bot = bots.get(botId);
      if (!bot) throw v2Error("ResourceNotFoundException", `There is no bot ${botId}.`);
      return now(bot);
    },
    locale(botId, botVersion, localeId) {
      const locale = locales.get(`${botId}/${localeId}`);
      if (!locale || botVersion !== "DRAFT")
        throw v2Error(
          "ResourceNotFoundException",
          `Bot ${botId} has no locale ${localeId} in version ${botVersion}.`,
        );
      return now(locale);
    },
    intentsOf: (botId, localeId) =>
      [...intents.values()].filter(
        (intent) => intent.botId === botId && intent.localeId === localeId,
      ),
    touch(locale) {
      const { becomes: _, failureReasons: __, ...rest } = locale;
      locales.put(`${locale.botId}/${locale.localeId}`, {
        ...{ ...rest, status: "NotBuilt", updatedAt: Date.now() },
      });
    },
    id: () => Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join(""),
  };
}
