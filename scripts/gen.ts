/** Writes the documents that follow from the source; `--check` fails when one is stale, or too many. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { asyncapi } from "./events/asyncapi.ts";
import { eventsPage } from "./events/page.ts";
import { schemaFiles } from "./events/schemas.ts";
import { settingsDoc } from "./settings-doc.ts";

const root = resolve(import.meta.dirname, "..");
const schemas = "docs/events/schemas";
const json = (value: unknown) => JSON.stringify(value, null, 2);

const documents: Readonly<Record<string, string>> = {
  "docs/events.md": eventsPage(),
  "docs/settings.md": settingsDoc(),
  "docs/events/asyncapi.json": json(asyncapi()),
  ...Object.fromEntries(
    Object.entries(schemaFiles()).map(([name, schema]) => [join(schemas, name), json(schema)]),
  ),
};

const stale = (path: string) => {
  try {
    return readFileSync(join(root, path), "utf8") !== `${documents[path]}\n`;
  } catch {
    return true;
  }
};
const wrong = Object.keys(documents).filter(stale);
mkdirSync(join(root, schemas), { recursive: true });
const found = readdirSync(join(root, schemas)).map((name) => join(schemas, name));
const left = found.filter((path) => !(path in documents));

if (process.argv.includes("--check")) {
  for (const path of [...wrong, ...left])
    console.error(`${path} is not what the source says; run \`npm run gen\``);
  if (wrong.length + left.length > 0) process.exitCode = 1;
} else {
  for (const path of wrong) {
    writeFileSync(join(root, path), `${documents[path]}\n`);
  }
  for (const path of left) rmSync(join(root, path));
}
