import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { productSources, sourcesUnder } from "./sources.ts";

const product = productSources();
const everything = [...product, ...sourcesUnder("tests")];

const linesOf = (text: string) => text.trimEnd().split("\n").length;
const longerThan = (most: number, sources: typeof everything) =>
  sources
    .filter(({ text }) => linesOf(text) > most)
    .map(({ path, text }) => `${path}: ${linesOf(text)} lines`);

/** Names that say nothing of what is in a file. */
const forbidden = [
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "misc",
  "types",
  "manager",
  "base",
];

describe("a file", () => {
  it("is read in one sitting: at most 300 lines", () => {
    expect(longerThan(300, everything)).toEqual([]);
  });

  it("that is a stage has at most 120", () => {
    const stages = product.filter(({ text }) => /^export const \w+ = stage\(/m.test(text));
    expect(longerThan(120, stages)).toEqual([]);
  });

  it("is named for what is in it", () => {
    const wrong = everything
      .map(({ path }) => path)
      // A test of types is called one.
      .filter((path) => !path.endsWith(".types.test.ts"))
      .filter((path) => path.split(/[/.-]/).some((word) => forbidden.includes(word)));
    expect(wrong).toEqual([]);
  });

  it("is named in kebab-case", () => {
    const wrong = everything
      .map(({ path }) => path)
      .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/.test(basename(path)));
    expect(wrong).toEqual([]);
  });

  it("leaves nothing to be done that nobody will find again", () => {
    const marker = new RegExp(
      `\\b(${["TO", "FIX", "XX"].map((word, n) => word + ["DO", "ME", "X"][n]).join("|")})\\b`,
    );
    expect(everything.filter(({ text }) => marker.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("that others build on tells of each thing what it is for", () => {
    const kernel = sourcesUnder("packages/events", "packages/runtime");
    const silent = kernel.flatMap(({ path, text }) => {
      const lines = text.split("\n");
      return lines.flatMap((line, n) => {
        const exported = /^export (?:async )?(?:const|function|interface|type|class) (\w+)/.exec(
          line,
        );
        return exported && !lines[n - 1]?.trimEnd().endsWith("*/")
          ? [`${path}: ${exported[1]}`]
          : [];
      });
    });
    expect(silent).toEqual([]);
  });

  it("has no class that is not an error, and nothing that types cannot be stripped from", () => {
    const wrong = everything.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /^(?:export )?(?:abstract )?(class \w+(?! extends \w*Error\b).*|enum \w+|namespace \w+)/gm,
        ),
      ]
        .filter(([, what = ""]) => !/^class \w+ extends \w*Error\b/.test(what))
        .map(([, what]) => `${path}: ${what}`),
    );
    expect(wrong).toEqual([]);
  });
});
