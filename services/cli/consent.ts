import { keywordOf } from "../classify/keywords.ts";
import { textsOf } from "../texts.ts";

/** Prints which texts of a file would be taken for a command, and for which. */
export async function runConsent(file: string): Promise<void> {
  const texts = textsOf(file);
  const counts = new Map<string, number>();
  for (const text of texts) {
    const keyword = keywordOf(text);
    if (!keyword) continue;
    counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
    console.log(`${keyword.padEnd(6)} ${JSON.stringify(text)}`);
  }
  const summary = [...counts].map(([keyword, count]) => `${keyword} ${count}`).join(", ");
  console.log(`${texts.length} texts: ${summary || "no commands"}; the rest are texts to relay`);
}
