import { createHash } from "node:crypto";
import * as z from "zod";

/**
 * A pair as a page holds it: what `faq scrape` prints a line of, whole and not yet fitted to a phone.
 * What it becomes there is `fitForSms`'s to say.
 */
export const ScrapedPair = z.strictObject({
  /** Of the source and the question: the same when the answer is worded anew. */
  id: z.string().min(1).max(100),
  question: z.string().min(1),
  /** Plain text as the page has it, a line a block. */
  answer: z.string().min(1),
  /** The same with its links, lists and tables; nothing in it runs, loads or styles. */
  answerHtml: z.string(),
  /** The heading it stands under, or nothing. */
  section: z.string(),
  /** The address of the page, or the name of the file. */
  source: z.string().min(1),
  /** BCP 47, where the page says it. */
  language: z.string().min(1).optional(),
  fetchedAt: z.iso.datetime(),
  /** Of all that a reader sees: another one means that somebody should look. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** One question and its whole answer, and where they were found. */
export type ScrapedPair = Readonly<z.infer<typeof ScrapedPair>>;

const digest = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex");

/** A question without what editors change in passing: case, marks and spacing. */
const settled = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** What of an address names the page. */
const pageOf = (source: string): string => source.replace(/#.*$/, "");

/**
 * Gives every pair its id and hash. A question that a source asks twice is told apart by its section,
 * and where that is the same, too, by its number; the first keeps the plain id. `taken` are ids that are
 * another pair's already.
 */
export function named(
  pairs: readonly Omit<ScrapedPair, "id" | "hash">[],
  taken = new Set<string>(),
): readonly ScrapedPair[] {
  return pairs.map((pair) => {
    const { source, question, section, answer, answerHtml } = pair;
    const about = [pageOf(source), settled(question)];
    let id = digest(...about).slice(0, 16);
    for (let again = 1; taken.has(id); again++)
      id = digest(...about, settled(section), again === 1 ? "" : String(again)).slice(0, 16);
    taken.add(id);
    return { id, ...pair, hash: digest(question, answer, answerHtml) };
  });
}
