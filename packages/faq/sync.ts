import { contentDigest, type FaqEntry, type FaqState, type KeptPair } from "./table.ts";

/** Which changes wait for a person's word: none, those of an answer, or all of them. */
export type Review = "none" | "changed" | "all";

/** What a page has that the table has not, or the other way round. */
export interface Change {
  readonly id: string;
  readonly change: "added" | "changed" | "removed" | "withdrawn";
  readonly before: KeptPair | null;
  readonly after: KeptPair | null;
  readonly waits: boolean;
}

/** A page that has far fewer pairs than it had: more likely broken than rewritten. */
export interface Shrunk {
  readonly source: string;
  readonly before: number;
  readonly after: number;
}

/** What a sync comes to, and the entries that would make it so. */
export interface Sync {
  readonly changes: readonly Change[];
  readonly shrunk: readonly Shrunk[];
  readonly entries: readonly FaqEntry[];
}

export interface SyncTerms {
  readonly review: Review;
  /** ISO; when it is done. */
  readonly at: string;
  /** Pages that were read beside those the pairs name: one of them may have no pair any more. */
  readonly pages?: readonly string[];
  /** Whether the pairs are all there is: what is from other pages is removed, too. */
  readonly whole?: boolean;
}

/** The page of a pair; pairs that a person wrote have none and count as one page. */
const pageOf = (pair: KeptPair): string => (pair.source ?? "").replace(/#.*$/, "");

/** What the pairs of some pages change in the table. Pages that were not read keep what they have. */
export function syncOf(state: FaqState, pairs: readonly KeptPair[], terms: SyncTerms): Sync {
  const read = new Set([...pairs.map(pageOf), ...(terms.pages ?? [])]);
  const entries: FaqEntry[] = [];
  const changes: Change[] = [];
  const decide = (id: string, entry: FaqEntry | undefined, after: KeptPair | null) => {
    const change = changeOf(id, entry, after, terms.review);
    if (!change) return;
    changes.push(change);
    entries.push(entryOf(change, entry, terms.at));
  };
  for (const pair of pairs) decide(pair.id, state.entries.get(pair.id), pair);
  const here = new Set(pairs.map(({ id }) => id));
  for (const [id, entry] of state.entries) {
    const pair = entry.live?.pair ?? entry.waiting?.pair;
    if (pair && !here.has(id) && (terms.whole || read.has(pageOf(pair)))) decide(id, entry, null);
  }
  return { changes, entries, shrunk: shrunkPages(state, pairs, terms.whole ? undefined : read) };
}

function changeOf(
  id: string,
  entry: FaqEntry | undefined,
  after: KeptPair | null,
  review: Review,
): Change | undefined {
  const before = entry?.live?.pair ?? null;
  const digest = contentDigest(after);
  if (digest === contentDigest(before))
    // The page has taken back what waits.
    return entry?.waiting ? { id, change: "withdrawn", before, after, waits: false } : undefined;
  if (entry?.waiting && digest === contentDigest(entry.waiting.pair)) return undefined;
  if (digest === entry?.rejected) return undefined;
  const change = before === null ? "added" : after === null ? "removed" : "changed";
  const answerChanged = before?.answer !== after?.answer || before?.text !== after?.text;
  const waits = review === "all" || (review === "changed" && change === "changed" && answerChanged);
  return { id, change, before, after, waits };
}

function entryOf({ id, change, after, waits }: Change, entry: FaqEntry | undefined, at: string) {
  const { versions = 0, live = null, rejected = null } = entry ?? {};
  if (change === "withdrawn")
    return { id, versions, live, waiting: null, rejected, did: change, at } satisfies FaqEntry;
  const version = { number: versions + 1, pair: after };
  return {
    ...{ id, versions: versions + 1, at },
    ...(waits
      ? { live, waiting: version, rejected, did: "waiting" as const }
      : { live: version, waiting: null, rejected: null, did: change }),
  } satisfies FaqEntry;
}

/** Pages with fewer pairs than this are not judged by halves: a page of three may well lose two. */
const judgedFrom = 4;

function shrunkPages(state: FaqState, pairs: readonly KeptPair[], read: Set<string> | undefined) {
  const before = new Map<string, number>();
  for (const { live, waiting } of state.entries.values()) {
    const pair = live?.pair ?? waiting?.pair;
    if (pair) before.set(pageOf(pair), (before.get(pageOf(pair)) ?? 0) + 1);
  }
  const after = Map.groupBy(pairs, pageOf);
  return [...before].flatMap(([source, had]): readonly Shrunk[] => {
    const has = after.get(source)?.length ?? 0;
    const far = has === 0 || (had >= judgedFrom && has < had / 2);
    return far && (!read || read.has(source)) ? [{ source, before: had, after: has }] : [];
  });
}
