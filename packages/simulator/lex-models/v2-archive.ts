import { strFromU8, unzipSync } from "fflate";
import * as z from "zod";
import { IntentBody, LocaleBody, LocaleId, mostIntents } from "./v2-intents.ts";
import type { IntentGiven } from "./v2-store.ts";

/** What an archive of a bot holds, in the words of the operations that would make the same bot. */
export interface ArchivedBot {
  readonly idleSessionTTLInSeconds: number;
  readonly locales: readonly {
    readonly localeId: string;
    readonly given: z.output<typeof LocaleBody>;
    readonly intents: readonly IntentGiven[];
  }[];
}

/** An archive that cannot be imported. The message names the file, and what is wrong with it. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
}

const About = z.looseObject({
  fileFormat: z.literal("LexJson"),
  resourceType: z.string().regex(/^bot$/i),
});
// The guide says `metadata`, what Lex exports says `metaData`.
const Manifest = z.union([z.looseObject({ metaData: About }), z.looseObject({ metadata: About })]);
const BotFile = z.looseObject({
  name: z.string(),
  idleSessionTTLInSeconds: z.int().min(60).max(86_400),
});
const LocaleFile = z.looseObject({
  identifier: LocaleId,
  nluConfidenceThreshold: z.number(),
  description: z.string().nullish(),
});
const Hook = z.looseObject({ enabled: z.boolean().optional(), isActive: z.boolean().optional() });
const Text = z.looseObject({ plainTextMessage: z.looseObject({ value: z.string() }) });
const IntentFile = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  parentIntentSignature: z.string().nullish(),
  sampleUtterances: z.array(z.looseObject({ utterance: z.string() })).nullish(),
  dialogCodeHook: Hook.nullish(),
  fulfillmentCodeHook: Hook.nullish(),
  slotPriorities: z.array(z.unknown()).max(0, "the stand-in has no slots").nullish(),
  intentClosingSetting: z
    .looseObject({
      isActive: z.boolean(),
      closingResponse: z.looseObject({
        allowInterrupt: z.boolean(),
        messageGroupsList: z.array(z.looseObject({ message: Text })).min(1),
      }),
    })
    .nullish(),
});
type IntentFile = z.output<typeof IntentFile>;

/** Unpacked, more than any bot within Lex's quotas. */
const mostBytes = 200_000_000;

/** Reads the archive of a bot in the layout of the developer guide. Throws `BadArchive`. */
export function readArchive(zip: Uint8Array): ArchivedBot {
  const files = unpacked(zip);
  const take = <T>(path: string, schema: z.ZodType<T>): T => {
    const bytes = files.get(path);
    if (!bytes) throw new BadArchive(`${path}: is missing`);
    files.delete(path);
    return fitting(path, schema, parsed(path, bytes));
  };
  const named = (form: RegExp) => [...files.keys()].filter((path) => form.test(path));

  take(named(/^manifest\.json$/i)[0] ?? "Manifest.json", Manifest);
  const botFile = named(/^[^/]+\/Bot\.json$/)[0] ?? "<bot>/Bot.json";
  const folder = botFile.slice(0, botFile.indexOf("/"));
  const { name, idleSessionTTLInSeconds } = take(botFile, BotFile);
  if (name !== folder)
    throw new BadArchive(`${botFile}: is the bot ${name}'s, in another's folder`);
  const locales = named(/^[^/]+\/BotLocales\/[^/]+\/BotLocale\.json$/).map((path) => {
    const { identifier: localeId, nluConfidenceThreshold, description } = take(path, LocaleFile);
    const given = fitting(path, LocaleBody, {
      nluIntentConfidenceThreshold: nluConfidenceThreshold,
      ...(description && { description }),
    });
    const inside = `${folder}/BotLocales/${localeId}/`;
    const intents = named(/\/Intents\/[^/]+\/Intent\.json$/)
      .filter((one) => one.startsWith(inside))
      .map((one) => fitting(one, IntentBody, asTold(take(one, IntentFile))));
    if (intents.length > mostIntents(localeId))
      throw new BadArchive(`${path}: has more than ${mostIntents(localeId)} intents`);
    return { localeId, given, intents };
  });
  const [strange] = files.keys();
  if (strange !== undefined) throw new BadArchive(`${strange}: is nothing the stand-in takes`);
  return { idleSessionTTLInSeconds, locales };
}

function unpacked(zip: Uint8Array): Map<string, Uint8Array> {
  let bytes = 0;
  try {
    const files = unzipSync(zip, {
      filter({ name, originalSize }) {
        bytes += originalSize;
        if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
        return !name.endsWith("/");
      },
    });
    return new Map(Object.entries(files));
  } catch (cause) {
    throw new BadArchive(`the archive cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
}

function parsed(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strFromU8(bytes));
  } catch (cause) {
    throw new BadArchive(`${path}: is not JSON`, { cause });
  }
}

function fitting<T>(path: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BadArchive(`${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`);
}

/** An intent as CreateIntent would be told it: some members have other names there, and none is null. */
function asTold(file: IntentFile): object {
  const hook = (given: IntentFile["dialogCodeHook"]) =>
    given && { enabled: given.enabled ?? false };
  const { isActive: active, closingResponse } = file.intentClosingSetting ?? {};
  const told = {
    intentName: file.name,
    description: file.description,
    parentIntentSignature: file.parentIntentSignature,
    sampleUtterances: file.sampleUtterances,
    dialogCodeHook: hook(file.dialogCodeHook),
    fulfillmentCodeHook: hook(file.fulfillmentCodeHook),
    intentClosingSetting: closingResponse && {
      active,
      closingResponse: {
        allowInterrupt: closingResponse.allowInterrupt,
        messageGroups: closingResponse.messageGroupsList.map(({ message }) => ({
          message: { plainTextMessage: { value: message.plainTextMessage.value } },
        })),
      },
    },
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value != null));
}
