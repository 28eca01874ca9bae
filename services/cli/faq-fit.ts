import { readPairs, ScrapedPair, writeFaq } from "@holdline/faq";
import { fitted, savingOf } from "../faq/fit.ts";
import { givenText } from "../faq/given-text.ts";

/** Prints scraped pairs as `npm start -- --faq` takes them, fitted, and on standard error what that saves. */
export async function runFit(file: string): Promise<void> {
  process.stdout.on("error", () => process.exit(0));
  const name = file === "-" ? "standard input" : file;
  const text = await givenText(file);
  const pairs = readPairs(ScrapedPair, text, name);
  if (pairs.length === 0) throw new Error(`${name}: no pairs`);
  process.stdout.write(
    writeFaq(
      pairs.map((pair) => ({
        ...{ id: pair.id, question: pair.question, answer: fitted(pair) },
        ...(pair.language && { language: pair.language }),
      })),
    ),
  );
  for (const [source, own] of Map.groupBy(pairs, (pair) => pair.source))
    console.error(`${source}: ${own.length} pairs; ${savingOf(own)}`);
}
