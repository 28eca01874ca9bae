import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The repository. */
export const root = resolve(import.meta.dirname, "../..");

export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Imported[];
}

/** One import: what it says, and the file it means when that is one of ours by path. */
export interface Imported {
  readonly from: string;
  readonly file?: string;
  /** It brings types alone, and is gone when the program runs. */
  readonly typesOnly: boolean;
}

const statements = [
  /^(?:import|export)\s[^"';]*?\sfrom\s+"([^"]+)"/gm,
  /^import\s+"([^"]+)"/gm,
  /\bimport\(\s*"([^"]+)"\s*\)/g,
];

function importsOf(path: string, text: string): Imported[] {
  const found = statements.flatMap((form) => [...text.matchAll(form)]);
  return found.map(([statement, from = ""]) => {
    const typesOnly = /^(?:import|export) type\b/.test(statement);
    if (!from.startsWith(".")) return { from, typesOnly };
    return { from, file: relative(root, resolve(root, dirname(path), from)), typesOnly };
  });
}

/** Every TypeScript file under these folders, those that are there. */
export function sourcesUnder(...folders: readonly string[]): Source[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter(
      (path) =>
        !path.includes("node_modules/") && !path.split("/").some((part) => part.startsWith(".")),
    )
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

/** What runs and what it is made of: everything but the tests. */
export const productSources = () => sourcesUnder("packages", "services", "scripts", "stacks");

/** The workspace a file is part of: `packages/events`, `services`. */
export const workspaceOf = (path: string): string =>
  path.startsWith("packages/") ? path.split("/").slice(0, 2).join("/") : (path.split("/")[0] ?? "");

/** The package a bare import names: `ws`, `@aws-sdk/client-sqs`. */
export const packageOf = (from: string): string =>
  from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
