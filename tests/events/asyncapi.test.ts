import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventType } from "@holdline/events";
import * as declared from "@holdline/events";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { asyncapi } from "../../scripts/events/asyncapi.ts";
import { asyncapiTools } from "../../scripts/events/tools.ts";
import { pipeline } from "../../services/pipeline.ts";
import { root } from "../house/sources.ts";
import { spoilt } from "../support/malformed.ts";

interface Diagnostic {
  readonly severity: number;
  readonly message: string;
}
interface Tools {
  readonly Parser: new () => {
    parse(text: string): Promise<{ document?: unknown; diagnostics: readonly Diagnostic[] }>;
  };
  readonly Ajv: new (
    options: object,
  ) => {
    compile(schema: unknown): (value: unknown) => boolean;
  };
}

let tools: Tools;
beforeAll(() => {
  const load = asyncapiTools();
  tools = { Parser: load("@asyncapi/parser").Parser, Ajv: load("ajv").default };
}, 180_000);

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** What AsyncAPI's own parser has against a document; hints are not against it. */
async function faultsOf(text: string): Promise<readonly string[]> {
  const { document, diagnostics } = await new tools.Parser().parse(text);
  const faults = diagnostics.filter(({ severity }) => severity <= 1).map(({ message }) => message);
  return document ? faults : [...faults, "it is no document"];
}

describe("the AsyncAPI document", () => {
  it("is one, by AsyncAPI's own parser", async () => {
    expect(await faultsOf(read("docs/events/asyncapi.json"))).toEqual([]);
  });

  it("would not be one with an operation on a channel that is not there", async () => {
    const { channels, ...rest } = asyncapi() as { channels: Record<string, unknown> };
    const { reply: _, ...others } = channels;
    expect(await faultsOf(JSON.stringify({ ...rest, channels: others }))).not.toEqual([]);
  });

  it("has an operation for all that each stage says and hears", () => {
    const { operations } = asyncapi() as { operations: Record<string, { messages: unknown[] }> };
    const all = JSON.stringify(operations);
    for (const { name, emits, on } of pipeline) {
      const messages = (does: string) =>
        Object.entries(operations)
          .filter(([id]) => id.startsWith(`${name}.${does}.`))
          .flatMap(([, { messages }]) => messages);
      expect(messages("says")).toHaveLength(emits.length);
      expect(messages("hears")).toHaveLength(on.length);
    }
    expect(all).toContain('"#/channels/chat/messages/chat.said.v1"');
  });
});

const fixtures = readdirSync(join(root, "tests/events/fixtures")).map((name) => ({
  name,
  event: JSON.parse(read(`tests/events/fixtures/${name}`)) as Record<string, unknown>,
}));

describe("an event's JSON Schema", () => {
  const schemaOf = (name: string) =>
    new tools.Ajv({ strict: false }).compile(JSON.parse(read(`docs/events/schemas/${name}`)));

  it.each(fixtures)("takes what was recorded: $name", ({ name, event }) => {
    expect(schemaOf(name)(event)).toBe(true);
  });

  it.each(fixtures)("takes and refuses what our own reader does: $name", ({ name, event }) => {
    const type = Object.values(declared as unknown as Record<string, EventType>).find(
      (known) => `${known?.type}.v${known?.version}.json` === name,
    );
    const accepts = schemaOf(name);
    const data = event.data as Record<string, unknown>;
    const bad = fc.oneof(
      spoilt(event).map((text) => parsed(text)),
      spoilt(data).map((text) => ({ ...event, data: parsed(text) })),
    );
    fc.assert(
      fc.property(bad, (raw) => {
        let ours = true;
        try {
          type?.parse(raw);
        } catch {
          ours = false;
        }
        expect(accepts(raw)).toBe(ours);
      }),
      { numRuns: 60 },
    );
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
