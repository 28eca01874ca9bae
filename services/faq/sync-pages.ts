import { type FaqTable, type Review, syncOf } from "@holdline/faq";
import type { Log } from "../log.ts";
import { kept } from "./fit.ts";
import type { ReadPages } from "./read-pages.ts";

/** What a sync came to, in numbers that `stacks/alarms.ts` watches. */
export interface PagesSynced {
  /** Pairs that were added, changed or removed, those that wait included. */
  readonly changed: number;
  /** Of these, those that wait for a person's word. */
  readonly waiting: number;
  /** Pages left as they were, since they have far fewer pairs than they had. */
  readonly shrunk: number;
  /** Pages that could not be read; they keep what they have. */
  readonly unread: number;
}

export interface SyncParts {
  readonly table: FaqTable;
  readonly readPages: ReadPages;
  readonly review: Review;
  readonly log: Log;
  readonly now: () => Date;
}

/** Brings the table what the pages of the settings say now; a page that seems broken changes nothing. */
export async function syncPages(
  pages: readonly string[],
  { table, readPages, review, log, now }: SyncParts,
): Promise<PagesSynced> {
  const { pairs, read, unread } = await readPages(pages);
  for (const { page, why } of unread) log.error({ page, why }, "a page cannot be read");
  const all = pairs.map(kept);
  const terms = { review, at: now().toISOString() };
  const state = await table.state();
  const { shrunk } = syncOf(state, all, { ...terms, pages: read });
  for (const page of shrunk) log.error(page, "a page has far fewer pairs than it had");
  const broken = new Set(shrunk.map(({ source }) => source));
  const { changes, entries } = syncOf(
    state,
    all.filter(({ source = "" }) => !broken.has(source)),
    { ...terms, pages: read.filter((page) => !broken.has(page)) },
  );
  for (const { id, change, waits } of changes) log.info({ id, change, waits }, "a pair changed");
  if (entries.length > 0) await table.apply(state.revision, entries);
  return {
    changed: changes.length,
    waiting: changes.filter(({ waits }) => waits).length,
    ...{ shrunk: shrunk.length, unread: unread.length },
  };
}
