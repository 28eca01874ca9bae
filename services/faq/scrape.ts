import { readFileSync, statSync } from "node:fs";
import {
  decoded,
  type Extracted,
  extractBounded,
  named,
  type PageReader,
  readerDefaults,
  type ScrapedPair,
} from "@holdline/faq";

/** What becomes of what is scraped, as it comes. */
export interface ScrapeOutcome {
  /** A pair, and the pattern that found it. */
  readonly pair: (pair: ScrapedPair, pattern: string) => void;
  /** A page is done. */
  readonly page: (source: string, pairs: readonly ScrapedPair[], unchanged: boolean) => void;
  /** A page could not be read, or has no pairs. */
  readonly failed: (place: string, error: Error) => void;
  /** Something a person should know. */
  readonly note: (text: string) => void;
}

/** How pages are read, and how far what they link to is. */
export interface ScrapeSettings {
  readonly read: PageReader;
  /** Where saved pages came from; their files' names where nobody says. */
  readonly source?: string | undefined;
  /** Pages of the same site that questions lead to, at most. */
  readonly follow: number;
  /** Takes a page's pairs out; in a process of its own where nobody says otherwise. */
  readonly extract?: typeof extractBounded;
}

/** A page that was read, wherever it was. */
interface Page {
  readonly html: string;
  readonly source: string;
  /** What its links are relative to. */
  readonly url: string | undefined;
  readonly fetchedAt: string;
  readonly unchanged: boolean;
  /** Whether it was read from its site: what it links to is read only then. */
  readonly online: boolean;
}

/** Finds the pairs of pages, each once: addresses and files, and what questions on them lead to. */
export async function scrapePages(
  places: readonly string[],
  { read, source, follow, extract = extractBounded }: ScrapeSettings,
  outcome: ScrapeOutcome,
): Promise<void> {
  const seen = new Set<string>();
  const taken = new Set<string>();

  for (const place of places)
    try {
      await scrape(isAddress(place) ? await fetched(read, place) : saved(place, source));
    } catch (error) {
      outcome.failed(place, error as Error);
    }

  async function scrape(page: Page): Promise<void> {
    if (seen.has(page.source)) throw new Error("was read already; its pairs are not given twice");
    seen.add(page.source).add(page.url ?? page.source);
    const found = await extract(page.html, page.url ? { source: page.url } : {});
    const pairs = given(page, found);
    if (pairs.length > 0) outcome.page(page.source, pairs, page.unchanged);
    const more = page.online && page.url ? await followed(found, page.url, page.source) : 0;
    if (pairs.length + more === 0)
      throw new Error(
        found.needsScripts
          ? "empty without its scripts, which are not run; save the page from a browser and scrape the file"
          : "no question with an answer found",
      );
  }

  function given({ source, fetchedAt }: Page, { pairs, language }: Extracted) {
    const about = { source, fetchedAt, ...(language && { language }) };
    const all = named(
      pairs.map(({ pattern: _, ...pair }) => ({ ...pair, ...about })),
      taken,
    );
    all.forEach((pair, index) => {
      outcome.pair(pair, pairs[index]?.pattern ?? "");
    });
    return all;
  }

  /** Pages of the same site that a question leads to, each read for the answer to it. */
  async function followed({ links, pairs }: Extracted, url: string, from: string): Promise<number> {
    const isAnswered = (asked: string) =>
      pairs.some(({ question, answer }) => question === asked || answer.includes(asked));
    const { origin } = new URL(url);
    const wanted = links.filter(
      ({ href, text }) => new URL(href).origin === origin && !seen.has(href) && !isAnswered(text),
    );
    if (wanted.length > follow)
      outcome.note(`${from}: leads to ${wanted.length} questions, of which ${follow} are read`);
    let count = 0;
    for (const { href, text } of wanted.slice(0, follow))
      try {
        const page = await fetched(read, href);
        seen.add(href).add(page.url ?? href);
        const source = page.url ?? href;
        const pairs = given(page, await extract(page.html, { source, askedAs: text }));
        if (pairs.length > 0) outcome.page(page.source, pairs, page.unchanged);
        else outcome.note(`${href}: no answer to "${text}" found`);
        count += pairs.length;
      } catch (error) {
        outcome.failed(href, error as Error);
      }
    return count;
  }
}

const isAddress = (place: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(place);

async function fetched(read: PageReader, address: string): Promise<Page> {
  if (!URL.canParse(address)) throw new Error("not an address");
  const { html, url, unchanged } = await read(address);
  const source = address.replace(/#.*$/, "");
  return { html, source, url, fetchedAt: new Date().toISOString(), unchanged, online: true };
}

function saved(file: string, source: string | undefined): Page {
  const { size, mtime } = fileAt(file);
  if (size > readerDefaults.bytes)
    throw new Error(
      `larger than ${readerDefaults.bytes.toLocaleString("en-US")} bytes: no FAQ is; not read`,
    );
  const html = decoded(readFileSync(file));
  return {
    ...{ html, source: source ?? file, url: source, fetchedAt: mtime.toISOString() },
    ...{ unchanged: false, online: false },
  };
}

function fileAt(file: string) {
  try {
    const stats = statSync(file);
    if (stats.isFile()) return stats;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : `cannot be read (${code})`;
    throw new Error(`${why}; name a file, or an address with its https://`, { cause });
  }
  throw new Error("a folder, or no plain file; name the files in it");
}
