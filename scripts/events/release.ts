/** Writes down the schemas of all events as a release has them: tests/events/released.test.ts holds later ones to them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { schemaFiles } from "./schemas.ts";

const root = resolve(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
};
const folder = join(root, "docs/events/released");
const file = join(folder, `${version}.json`);
if (existsSync(file)) {
  console.error(
    `${version} is released; what was released stays. Raise the version in package.json`,
  );
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(schemaFiles(), null, 1)}\n`);
  console.log(file);
}
