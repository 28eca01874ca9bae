import { createHash } from "node:crypto";
import * as z from "zod";
import { ScrapedPair } from "./pair.ts";

/** A pair as the table keeps it: as a page or a person's file has it, and what of it is said. */
export const KeptPair = ScrapedPair.partial()
  .required({ id: true, question: true, answer: true })
  .extend({
    /** The same question in other words. */
    alternatives: z.array(z.string().min(1)).optional(),
    /** What is sent to a phone: the answer, fitted. Lex takes at most 1,024 characters of a message. */
    text: z.string().min(1).max(1_024),
  });

/** One question, its whole answer, and what is said. */
export type KeptPair = Readonly<z.infer<typeof KeptPair>>;

/** A version of a pair; its `pair` is null where the version is that there is none any more. */
const Version = z.strictObject({ number: z.int().min(1), pair: KeptPair.nullable() });

/** What the table says of one id as of a revision: what is answered, and what waits for review. */
export const FaqEntry = z.strictObject({
  id: z.string().min(1).max(100),
  /** How many versions there have been; the next is numbered one more. */
  versions: z.int().min(1),
  /** What is answered; null before anything was. */
  live: Version.nullable(),
  /** What waits for a person's word. */
  waiting: Version.nullable(),
  /** The digest of what a person rejected last, so that the same is not asked again. */
  rejected: z.string().nullable(),
  did: z.enum([
    "added",
    "changed",
    "removed",
    "waiting",
    "withdrawn",
    "approved",
    "rejected",
    "rolled-back",
  ]),
  at: z.iso.datetime(),
});
export type FaqEntry = Readonly<z.infer<typeof FaqEntry>>;

/** All of the table as of one revision. */
export interface FaqState {
  readonly revision: number;
  /** By id, in the order of ids. */
  readonly entries: ReadonlyMap<string, FaqEntry>;
}

/** An entry of an id's past, and the revision it came with. */
export type PastEntry = FaqEntry & { readonly revision: number };

/**
 * Keeps what the bot answers, with every version of every pair.
 *
 * What is seen is always one revision, whole. `apply` makes the next one from entries that were decided
 * on one revision, and throws `TableMoved` where that is no longer the latest; whatever fails half-way
 * is never seen, not even by the revisions after it. Nothing is ever overwritten or deleted.
 */
export interface FaqTable {
  readonly name: string;
  /** The latest revision; 0 of a table that nothing was put into. */
  revision(): Promise<number>;
  state(): Promise<FaqState>;
  /** What is said of the pair that an intent (`intentName`) is named for, in a read or two. */
  entry(intent: string): Promise<FaqEntry | undefined>;
  /** All there has been of an id, oldest first. */
  history(id: string): Promise<readonly PastEntry[]>;
  apply(onRevision: number, entries: readonly FaqEntry[]): Promise<number>;
  close(): void;
}

/** Somebody else changed the table since it was read: nothing of ours was written that anybody sees. */
export class TableMoved extends Error {
  constructor() {
    super("the table was changed by somebody else meanwhile; run the command again");
    this.name = "TableMoved";
  }
}

/** An item of DynamoDB holds 400 KB, and an entry two pairs and what is around them. */
export const pairBytesMax = 150_000;

/** Refuses what no table would take, before anything of a revision is written. */
export function checkSizes(entries: readonly FaqEntry[]): void {
  for (const { id, live, waiting } of entries)
    for (const version of [live, waiting]) {
      const bytes = Buffer.byteLength(JSON.stringify(version?.pair ?? null));
      if (bytes > pairBytesMax)
        throw new Error(`pair ${id} has ${bytes} bytes; a table keeps at most ${pairBytesMax}`);
    }
}

/** The pairs that are answered. */
export const livePairs = ({ entries }: FaqState): readonly KeptPair[] =>
  [...entries.values()].flatMap(({ live }) => live?.pair ?? []);

/** A digest of all of a pair that somebody sees or that the bot is built from; of no pair, too. */
export function contentDigest(pair: KeptPair | null): string {
  const { question, answer, text, alternatives = [], language, section, source } = pair ?? {};
  const content = pair && [question, answer, text, alternatives, language, section, source];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
