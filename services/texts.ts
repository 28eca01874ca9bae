import { readFileSync } from "node:fs";

/** The texts of a file: one a line, or `label<tab>text` as in corpora of texts. */
export function textsOf(file: string): readonly string[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new Error(`${file} has no texts in it`);
  return lines.map((line) => line.replace(/\r$/, "").replace(/^[^\t]{1,20}\t/, ""));
}
