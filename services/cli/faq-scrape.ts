import { folderCache, pageReader } from "@holdline/faq";
import { savingOf } from "../faq/fit.ts";
import { scrapePages } from "../faq/scrape.ts";

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

/** Prints the pairs of pages and of nothing else; exits 1 when one cannot be read or has none. */
export async function runScrape(places: readonly string[], options: ScrapeOptions): Promise<void> {
  if (options.source !== undefined && !/^https?:\/\/./.test(options.source))
    throw new Error("--source is the address the pages came from, such as https://example.org/faq");
  process.stdout.on("error", () => process.exit(0));
  const read = pageReader({
    paceMs: options.pace * 1_000,
    milliseconds: options.timeout * 1_000,
    allowPrivate: options.allowPrivate === true,
    ...(options.cache !== undefined && { cache: folderCache(options.cache) }),
  });
  const { source, follow, explain } = options;
  await scrapePages(
    places,
    { read, source, follow },
    {
      pair(pair, pattern) {
        console.log(JSON.stringify(pair));
        if (explain) console.error(`  ${pattern}: ${pair.question}`);
      },
      page(from, pairs, unchanged) {
        const many = pairs.length === 1 ? "1 pair" : `${pairs.length} pairs`;
        console.error(`${from}${unchanged ? " (unchanged)" : ""}: ${many}; ${savingOf(pairs)}`);
      },
      failed(place, { message }) {
        console.error(`${place}: ${message}`);
        process.exitCode = 1;
      },
      note: console.error,
    },
  );
}
