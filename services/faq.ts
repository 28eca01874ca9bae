import { readFileSync } from "node:fs";
import {
  englishEncoder,
  type FaqPair,
  type FaqTable,
  faqMatcher,
  holdlineFaq,
  intentName,
  livePairs,
  readPairs,
} from "@holdline/faq";
import { GivenPair, kept } from "./faq/fit.ts";
import { loadedTable, matchable } from "./faq/table.ts";

/** What Lex makes of a text, by a matcher of some pairs that goes by meaning, too, in English. */
function forLex(pairs: readonly FaqPair[]) {
  const match = faqMatcher(pairs, { encoder: englishEncoder() });
  return (text: string, locale: string) => {
    // Lex says `en_US` where the file says `en`.
    const found = match(text, locale.replace("_", "-"));
    return found && { intent: intentName(found.id), score: found.score, answer: found.answer };
  };
}

/** What the stand-in's Lex answers from: an FAQ file, ours where none is named. */
export function defaultMatcher(path: string | undefined) {
  if (path === undefined) return forLex(holdlineFaq());
  const pairs = readPairs(GivenPair, readFileSync(path, "utf8"), path).map(kept);
  return forLex(pairs.map(matchable));
}

/** What it answers from where a data folder is: a file that is named, else what was loaded, else ours. */
export async function folderMatcher(path: string | undefined, folder: string) {
  const table = path === undefined ? await loadedTable(folder) : undefined;
  if (!table) return { match: defaultMatcher(path), close() {} };
  return tableMatcher(table);
}

/** How often the table is asked whether there is another revision: a command may change it at any time. */
const refreshMs = 500;

async function tableMatcher(table: FaqTable) {
  const made = async () => {
    const state = await table.state();
    const match = forLex(livePairs(state).map(matchable));
    return { revision: state.revision, match };
  };
  let now = await made();
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    try {
      if ((await table.revision()) !== now.revision) now = await made();
    } finally {
      refreshing = false;
    }
  };
  const timer = setInterval(() => void refresh().catch(() => {}), refreshMs);
  timer.unref();
  return {
    match: (text: string, locale: string) => now.match(text, locale),
    close() {
      clearInterval(timer);
      table.close();
    },
  };
}
