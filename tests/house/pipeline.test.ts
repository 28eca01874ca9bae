import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { topicOf } from "@holdline/events";
import type { Stage } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { pipeline } from "../../services/pipeline.ts";
import { root, sourcesUnder } from "./sources.ts";

const stages = pipeline as unknown as readonly Stage[];
const stageFiles = sourcesUnder("services")
  .filter(({ text }) => /^export const \w+ = stage\(/m.test(text))
  .map(({ path }) => path);

describe("the pipeline", () => {
  it("is made of stages, each with a name of its own that fits into a stream's", () => {
    const names = stages.map(({ name }) => name);
    expect(new Set(names).size).toBe(stages.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*$/);
  });

  it.each(stageFiles)(
    "has a line for %s, which exports the stage it is named after",
    async (path) => {
      const exported = Object.values(await import(join(root, path)));
      const own = stages.filter((stage) => exported.includes(stage));
      expect(own.map(({ name }) => name)).toEqual([basename(path, ".ts")]);
    },
  );

  it.each(stageFiles)("has a test for %s", (path) => {
    // One file, or a folder of them for a stage with much to test.
    const place = join("tests", path.replace(/\.ts$/, ""));
    const tests = [...sourcesUnder(place).map((test) => test.path), `${place}.test.ts`];
    const there = tests.filter((test) => test.endsWith(".test.ts") && existsSync(join(root, test)));
    expect(there).not.toEqual([]);
  });

  it("has a single producer for each topic it decides about: order is promised per producer", () => {
    const speakers = stages.flatMap(({ name, emits }) =>
      [...new Set(emits.map(({ type }) => topicOf(type)))].map((topic) => `${topic} by ${name}`),
    );
    for (const topic of ["contact", "consent"])
      expect(speakers.filter((line) => line.startsWith(`${topic} `)).length).toBeLessThanOrEqual(2);
    expect(speakers.filter((line) => line.startsWith("message "))).toEqual([
      "message by ingest",
      "message by classify",
    ]);
  });

  it("wants contacts in one place only", () => {
    const wanting = stages.filter(({ emits }) =>
      emits.some(({ type }) => type === "contact.wanted"),
    );
    expect(wanting.map(({ name }) => name)).toEqual(["classify"]);
  });
});
