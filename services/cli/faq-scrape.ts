import { readFileSync, statSync } from "node:fs";
import {
  decoded,
  type Extracted,
  extractBounded,
  folderCache,
  named,
  type PageReader,
  pageReader,
  readerDefaults,
  type ScrapedPair,
} from "@holdline/faq";
import { savingOf } from "../faq/saving.ts";

/** How `faq scrape` reads what it is given. */
export interface ScrapeOptions {
  readonly explain?: boolean;
  readonly source?: string;
  readonly follow: number;
  readonly cache?: string;
  readonly pace: number;
  readonly timeout: number;
  readonly allowPrivate?: boolean;
}

/** A page that was read, wherever it was. */
interface Page {
  readonly html: string;
  readonly source: string;
  /** What its links are relative to. */
  readonly url: string | undefined;
  readonly fetchedAt: string;
  readonly note: string;
  /** Whether it was read from its site: what it links to is read only then. */
  readonly online: boolean;
}

/** Prints the pairs of pages and of nothing else; exits 1 when one cannot be read or has none. */
export async function runScrape(places: readonly string[], options: ScrapeOptions): Promise<void> {
  process.stdout.on("error", () => process.exit(0));
  const read = pageReader({
    paceMs: options.pace * 1_000,
    milliseconds: options.timeout * 1_000,
    allowPrivate: options.allowPrivate === true,
    ...(options.cache !== undefined && { cache: folderCache(options.cache) }),
  });
  const seen = new Set<string>();
  const taken = new Set<string>();
  for (const place of places)
    try {
      const page = isAddress(place) ? await fetched(read, place) : saved(place, options.source);
      await scrape(page, read, options, { seen, taken });
    } catch (error) {
      console.error(`${place}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
}

const isAddress = (place: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(place);

/** An address without what names a place in its page. */
const plain = (address: string) => address.replace(/#.*$/, "");

async function fetched(read: PageReader, address: string): Promise<Page> {
  if (!URL.canParse(address)) throw new Error("not an address");
  const { html, url, unchanged } = await read(address);
  const note = unchanged ? " (unchanged)" : "";
  return {
    html,
    source: plain(address),
    url,
    fetchedAt: new Date().toISOString(),
    note,
    online: true,
  };
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
    ...{ note: "", online: false },
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
  throw new Error("a folder; name the files in it");
}

interface Run {
  /** Pages that were read, by their address. */
  readonly seen: Set<string>;
  /** Ids that were given. */
  readonly taken: Set<string>;
}

async function scrape(
  page: Page,
  read: PageReader,
  options: ScrapeOptions,
  run: Run,
): Promise<void> {
  const { seen } = run;
  if (seen.has(page.source)) throw new Error("was read already; its pairs are not printed twice");
  seen.add(page.source).add(page.url ?? page.source);
  const found = await extractBounded(page.html, page.url === undefined ? {} : { source: page.url });
  const pairs = printed(page, found, options, run);
  const linked = page.online && page.url ? await followed(found, page.url) : [];
  if (pairs.length + linked.length === 0)
    throw new Error(
      found.needsScripts
        ? "empty without its scripts, which are not run; save the page from a browser and scrape the file"
        : "no question with an answer found",
    );
  report(page, pairs);

  /** Pages of the same site that a question leads to, each read for the answer to it. */
  async function followed({ links, pairs: own }: Extracted, url: string) {
    const isAnswered = (asked: string) =>
      own.some(({ question, answer }) => question === asked || answer.includes(asked));
    const { origin } = new URL(url);
    const wanted = links.filter(
      ({ href, text }) => new URL(href).origin === origin && !isAnswered(text) && !seen.has(href),
    );
    if (wanted.length > options.follow)
      console.error(
        `${page.source}: leads to ${wanted.length} questions; --follow ${options.follow} are read`,
      );
    const all: ScrapedPair[] = [];
    for (const { href, text } of wanted.slice(0, options.follow))
      try {
        const next = await fetched(read, href);
        seen.add(href).add(next.url ?? href);
        const there = await extractBounded(next.html, { source: next.url ?? href, askedAs: text });
        const here = printed(next, there, options, run);
        if (here.length === 0) console.error(`${href}: no answer to "${text}" found`);
        else report(next, here);
        all.push(...here);
      } catch (error) {
        console.error(`${href}: ${(error as Error).message}`);
        process.exitCode = 1;
      }
    return all;
  }
}

function printed(
  { source, fetchedAt }: Page,
  { pairs, language }: Extracted,
  { explain }: ScrapeOptions,
  { taken }: Run,
): readonly ScrapedPair[] {
  const said = language ? { language } : {};
  const all = named(
    pairs.map(({ pattern: _, ...pair }) => ({ ...pair, source, ...said, fetchedAt })),
    taken,
  );
  all.forEach((pair, index) => {
    console.log(JSON.stringify(pair));
    if (explain) console.error(`  ${pairs[index]?.pattern}: ${pair.question}`);
  });
  return all;
}

function report({ source, note }: Page, pairs: readonly ScrapedPair[]): void {
  if (pairs.length === 0) return;
  const many = pairs.length === 1 ? "1 pair" : `${pairs.length} pairs`;
  console.error(`${source}${note}: ${many}; ${savingOf(pairs)}`);
}
