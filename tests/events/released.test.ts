import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { event } from "@holdline/events";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { schemaFiles } from "../../scripts/events/schemas.ts";
import { root } from "../house/sources.ts";
import { changes } from "./compatible.ts";

type Schemas = Readonly<Record<string, unknown>>;

const folder = join(root, "docs/events/released");
const now: Schemas = schemaFiles();
const released = readdirSync(folder).flatMap((file) => {
  const schemas = JSON.parse(readFileSync(join(folder, file), "utf8")) as Schemas;
  return Object.entries(schemas).map(([name, schema]) => ({ release: file, name, schema }));
});

describe("an event that was released", () => {
  it.each(released)("is what it was: $name of $release", ({ name, schema }) => {
    if (!(name in now)) throw new Error(`${name} is not declared any more: archives hold it`);
    // A change that fails here is a new version of the event: CONTRIBUTING.md, "A new version of an event".
    expect(changes(schema, now[name])).toEqual([]);
  });

  it("is every event of the first release", () => {
    expect(released.length).toBeGreaterThanOrEqual(30);
  });
});

describe("a change", () => {
  const text = z.string().min(1);
  const kind = z.enum(["a", "b"]);
  const parts = z.array(z.object({ id: z.string() }));
  const base = { text, kind, parts, note: z.string().optional() };
  const schemaOf = (shape: z.ZodRawShape) =>
    z.toJSONSchema(event("test.said", shape).schema, { io: "input" });
  const from = (shape: z.ZodRawShape) => changes(schemaOf(base), schemaOf(shape));

  it.each<[string, z.ZodRawShape]>([
    ["a member that may be left out", { ...base, mood: z.string().optional() }],
    [
      "a member within a list that may be left out",
      {
        ...base,
        parts: z.array(z.object({ id: z.string(), size: z.int().optional() })),
      },
    ],
    ["another description", { ...base, text: text.describe("What was said.") }],
    ["another order", { note: base.note, parts, kind, text }],
  ])("may be %s", (_, shape) => {
    expect(from(shape)).toEqual([]);
  });

  it.each<[string, z.ZodRawShape, string]>([
    ["a member that is gone", { text, kind, parts }, "event.note is gone"],
    ["a member that must be there", { ...base, mood: z.string() }, "event: required is another"],
    ["a member that need not be there any more", { ...base, text: text.optional() }, "required"],
    ["a value more", { ...base, kind: z.enum(["a", "b", "c"]) }, "event.kind: enum is another"],
    ["a value less", { ...base, kind: z.enum(["a"]) }, "event.kind"],
    ["a narrower rule", { ...base, text: text.max(5) }, "event.text: maxLength is another"],
    ["a wider rule", { ...base, text: z.string() }, "event.text: minLength is another"],
    ["another type", { ...base, text: z.number() }, "event.text: type is another"],
    ["a type more", { ...base, text: text.nullable() }, "event.text"],
    [
      "something deep down",
      { ...base, parts: z.array(z.object({ id: z.int() })) },
      "event.parts: items.id",
    ],
  ])("may not be %s", (_, shape, told) => {
    expect(from(shape).join("\n")).toContain(told);
  });
});
