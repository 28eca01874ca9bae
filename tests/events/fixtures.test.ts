import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as declared from "@holdline/events";
import { Envelope, type EventType } from "@holdline/events";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "fixtures");
const nameOf = ({ type, version }: EventType) => `${type}.v${version}.json`;

const isDeclaration = (value: unknown): value is EventType =>
  typeof value === "function" && "parse" in value && "schema" in value;

const declarations = (Object.values(declared) as unknown[]).filter(isDeclaration);
const fixtures = readdirSync(folder).map((name) => ({
  name,
  event: JSON.parse(readFileSync(join(folder, name), "utf8")),
}));

describe("every event ever published", () => {
  it.each(fixtures)("can be read for ever: $name", ({ name, event }) => {
    const known = declarations.find((type) => nameOf(type) === name);
    if (!known) throw new Error(`nothing declares ${name}: an old version must stay readable`);
    expect(known.parse(event)).toEqual(event);
  });

  it.each(fixtures)("can be placed by its envelope alone: $name", ({ event }) => {
    expect(Envelope.parse(event)).toEqual(event);
  });

  it.each(fixtures)("says itself again from its own data: $name", ({ name, event }) => {
    const { type, version, key, data } = event;
    const known = declarations.find((candidate) => nameOf(candidate) === name);
    expect(known?.(data)).toEqual({ type, version, key, data });
  });
});

describe("every declared event", () => {
  it.each(declarations.map((type) => [nameOf(type)]))("has a fixture: %s", (name) => {
    expect(fixtures.map((fixture) => fixture.name)).toContain(name);
  });

  it("has a name of its own", () => {
    expect(new Set(declarations.map(nameOf)).size).toBe(declarations.length);
  });

  it.each(declarations.map((type) => [type.type, type] as const))(
    "belongs to a conversation: %s",
    (_, type) => {
      const { event } = fixtures.find(({ name }) => name === nameOf(type)) ?? { event: {} };
      expect(event.key).toBe(event.data.conversationId);
      expect(() => type.parse({ ...event, data: { ...event.data, conversationId: "" } })).toThrow();
    },
  );
});

describe("no fixture holds what may not travel", () => {
  it.each(fixtures)("a token of a contact, or an address in a key or an id: $name", ({ event }) => {
    const { id, key, position, effects } = event;
    expect(JSON.stringify({ id, key, position, effects })).not.toMatch(/\+\d{7,}/);
    expect(JSON.stringify(event)).not.toMatch(/ConnectionToken|ParticipantToken|X-Amz-/i);
  });
});
