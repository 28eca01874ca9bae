import { existsSync } from "node:fs";
import { join } from "node:path";
import { embeddedFaqTable } from "@holdline/embedded";
import type { FaqPair, FaqTable, KeptPair } from "@holdline/faq";

/** A kept pair as the matcher takes it. */
export const matchable = ({
  id,
  question,
  alternatives,
  language,
  text: answer,
}: KeptPair): FaqPair => ({
  ...{ id, question, answer },
  ...(alternatives && { alternatives }),
  ...(language && { language }),
});

/** The FAQ table of a data folder, where something was put into it. */
export async function loadedTable(folder: string): Promise<FaqTable | undefined> {
  if (!existsSync(join(folder, "faq.db"))) return undefined;
  const table = embeddedFaqTable(folder);
  if ((await table.revision()) > 0) return table;
  table.close();
  return undefined;
}
