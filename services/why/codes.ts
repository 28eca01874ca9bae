import { readFileSync } from "node:fs";

/** What the operators' page says of a code. */
export interface Meaning {
  readonly means: string;
  readonly todo: string;
}

/** What a code means where it is over, and what it means while it is tried again. */
export type Meanings = (code: string, goingOn: boolean) => Meaning | undefined;

const page = new URL("../../docs/operating.md", import.meta.url);
const row = /^\| (`[a-z-]+`(?: · `[a-z-]+`)*) \| ([^|]+) \| ([^|]+) \|$/gm;

/** Codes as docs/operating.md explains them: it is the one place that does. */
export function meanings(text = readFileSync(page, "utf8")): Meanings {
  const sections = text.split(/^## /m);
  const again = codesIn(sections.filter((section) => section.startsWith("Tried again")));
  const over = codesIn(sections.filter((section) => !section.startsWith("Tried again")));
  return (code, goingOn) => (goingOn ? (again.get(code) ?? over.get(code)) : over.get(code));
}

/** The rows of the tables that begin with codes. */
function codesIn(sections: readonly string[]): ReadonlyMap<string, Meaning> {
  const rows = sections.flatMap((section) => [...section.matchAll(row)]);
  return new Map(
    rows.flatMap(([, codes = "", means = "", todo = ""]) =>
      [...codes.matchAll(/[a-z-]+/g)].map(([code]) => [code, { means, todo }] as const),
    ),
  );
}
