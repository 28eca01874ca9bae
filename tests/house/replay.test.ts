import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { productSources, root } from "./sources.ts";

const sources = new Map(productSources().map((source) => [source.path, source]));

/** What a program may import that cannot reach anybody. */
const harmless = [
  ...[
    "zod",
    "node:crypto",
    "node:fs",
    "node:fs/promises",
    "node:inspector",
    "node:os",
    "node:path",
  ],
  ...["node:readline", "node:sqlite", "node:timers/promises", "node:util", "node:v8", "node:zlib"],
];

/** It imports the ways to the network to close them. */
const closing = "packages/replay/without-network.ts";

/** Our packages by name, and where each of their doors leads. */
function fileOf(from: string): string | undefined {
  const [, name = "", door] = from.split("/");
  for (const folder of [`packages/${name}`, `packages/transports/${name}`]) {
    const path = join(root, folder, "package.json");
    if (!existsSync(path)) continue;
    const { exports } = JSON.parse(readFileSync(path, "utf8"));
    const file = typeof exports === "string" ? exports : exports[door ? `./${door}` : "."];
    return join(folder, file);
  }
  return undefined;
}

/** Everything that is loaded with a file, by how it was come by. */
function loadedWith(first: string) {
  const from = new Map<string, string>([[first, ""]]);
  const outside: string[] = [];
  for (const path of from.keys()) {
    const source = sources.get(path);
    if (!source) throw new Error(`${path} is no source of ours`);
    for (const { from: name, file, typesOnly } of source.imports) {
      if (typesOnly) continue;
      const ours = file ?? (name.startsWith("@holdline/") ? fileOf(name) : undefined);
      if (ours && !from.has(ours)) from.set(ours, path);
      if (!ours && path !== closing) outside.push(`${path} imports ${name}`);
    }
  }
  return { files: [...from.keys()], outside };
}

describe("what a replay loads", () => {
  it.each(["services/cli/replay.ts", "packages/replay/index.ts", "services/pipeline.ts"])(
    "from %s on has no client and no way to the network",
    (file) => {
      const { files, outside } = loadedWith(file);
      expect(files.length).toBeGreaterThan(5);
      const reaching = outside.filter((line) => !harmless.includes(line.split(" ").at(-1) ?? ""));
      expect(reaching).toEqual([]);
    },
  );

  it("has its stages, its ports and its archive among it", () => {
    const { files } = loadedWith("services/cli/replay.ts");
    for (const file of [
      "services/classify.ts",
      "services/ports.recorded.ts",
      "packages/archive/lookup.ts",
      closing,
    ])
      expect(files).toContain(file);
    expect(
      files.filter((file) => /ports\.live|sms-aws\/index|packages\/connect\/index/.test(file)),
    ).toEqual([]);
  });
});
