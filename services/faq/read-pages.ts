import { extract, type PageReader, pageReader, type ScrapedPair } from "@holdline/faq";
import { scrapePages } from "./scrape.ts";

/** What came of reading some pages. */
export interface PagesRead {
  readonly pairs: readonly ScrapedPair[];
  /** Pages with pairs, those that questions led to included. */
  readonly read: readonly string[];
  readonly unread: readonly { readonly page: string; readonly why: string }[];
}

/** Reads pages. One that cannot be read does not stop the others. */
export type ReadPages = (pages: readonly string[]) => Promise<PagesRead>;

/** Pages of the same site that questions on a page lead to. */
const followMost = 200;

/**
 * Reads pages in the function that syncs, as `faq scrape` does, but for the process of its own: a
 * function is one, with its own bounds of time and memory, and there is no file here to start another by.
 */
export function pageReading({
  allowPrivate,
  read = pageReader({ allowPrivate }),
}: {
  readonly allowPrivate: boolean;
  readonly read?: PageReader;
}): ReadPages {
  return async (pages) => {
    const pairs: ScrapedPair[] = [];
    const found: string[] = [];
    const unread: { page: string; why: string }[] = [];
    await scrapePages(
      pages,
      {
        read,
        follow: followMost,
        extract: async (html, of) => extract(html, of?.source, of?.askedAs),
      },
      {
        pair: (pair) => void pairs.push(pair),
        page: (source) => void found.push(source),
        failed: (page, { message: why }) => void unread.push({ page, why }),
        note() {},
      },
    );
    return { pairs, read: found, unread };
  };
}
