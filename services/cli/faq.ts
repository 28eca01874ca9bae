import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { extractBounded } from "@holdline/faq";

/** Larger pages are no FAQ. */
const bytesMax = 5_000_000;

/** Prints the pairs of saved pages; exits 1 when one cannot be read or has none. */
export async function runScrape(files: readonly string[], explain: boolean): Promise<void> {
  for (const file of files)
    try {
      await scrape(file, explain);
    } catch (error) {
      console.error(`${file}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
}

async function scrape(file: string, explain: boolean): Promise<void> {
  const { size, mtime } = statSync(file);
  if (size > bytesMax) throw new Error(`${size} bytes; at most ${bytesMax} are read`);
  const { pairs, language } = await extractBounded(utf8(readFileSync(file)));
  if (pairs.length === 0)
    throw new Error("no question with an answer found; what scripts would show is not seen");
  for (const { pattern, ...pair } of pairs) {
    const id = hashOf(`${pair.section}\n${pair.question}`).slice(0, 16);
    const hash = hashOf(`${pair.question}\n${pair.answer}`);
    const about = { source: file, language, fetchedAt: mtime.toISOString(), hash };
    console.log(JSON.stringify({ id, ...pair, ...about }));
    if (explain) console.error(`${pattern}: ${pair.question}`);
  }
  console.error(`${file}: ${pairs.length} pairs`);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("not valid UTF-8");
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
