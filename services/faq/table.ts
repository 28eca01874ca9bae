import { existsSync } from "node:fs";
import { join } from "node:path";
import { dynamoClient, dynamoFaqTable } from "@holdline/dynamodb";
import { embeddedFaqTable } from "@holdline/embedded";
import type { FaqPair, FaqTable, KeptPair } from "@holdline/faq";
import type { Environment } from "../environment.ts";

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

/** The table that is named, by the environment where it is not named here; else that of the data folder. */
export function openFaqTable(env: Environment, name = env.HOLDLINE_FAQ_TABLE): FaqTable {
  if (name === undefined) return embeddedFaqTable(env.HOLDLINE_DATA);
  if (!env.AWS_REGION)
    throw new Error(`AWS_REGION is not set; set it to the region of the table ${name}`);
  return dynamoFaqTable({ client: dynamoClient({}), table: name });
}
