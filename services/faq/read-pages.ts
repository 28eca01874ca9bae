import { extract, named, type ScrapedPair } from "@holdline/faq";

/** What came of reading some pages. */
export interface PagesRead {
  readonly pairs: readonly ScrapedPair[];
  /** Pages that were read, whether or not anything was found in them. */
  readonly read: readonly string[];
  readonly unread: readonly { readonly page: string; readonly why: string }[];
}

/** Reads pages. One that cannot be read does not stop the others. */
export type ReadPages = (pages: readonly string[]) => Promise<PagesRead>;

const timeoutMs = 20_000;
/** Larger pages are no FAQ. */
const bytesMax = 5_000_000;

/** Fetches each page of the settings as it is and takes its pairs out. */
export const readPages: ReadPages = async (pages) => {
  const pairs: ScrapedPair[] = [];
  const read: string[] = [];
  const unread: { page: string; why: string }[] = [];
  for (const page of pages)
    try {
      pairs.push(...(await pairsOf(page)));
      read.push(page);
    } catch (error) {
      unread.push({ page, why: String((error as Error).cause ?? error) });
    }
  return { pairs, read, unread };
};

async function pairsOf(source: string): Promise<readonly ScrapedPair[]> {
  const response = await fetch(source, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  const { pairs, language } = extract(Buffer.concat(chunks).toString("utf8"));
  const fetchedAt = new Date().toISOString();
  return named(
    pairs.map(({ pattern: _, ...pair }) => ({
      ...{ ...pair, source, fetchedAt },
      ...(language !== undefined && { language }),
    })),
  );
}
