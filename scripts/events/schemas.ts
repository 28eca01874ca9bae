import { Envelope, type EventType } from "@holdline/events";
import * as z from "zod";
import { type Entry, entries, envelopeNotes } from "./entries.ts";

type Json = Readonly<Record<string, unknown>>;

/** The file of an event's schema. */
export const fileOf = ({ type, version }: Pick<EventType, "type" | "version">): string =>
  `${type}.v${version}.json`;

/**
 * What a reader of ours takes, as JSON Schema (draft 7, which AsyncAPI is built on). Members that are not
 * declared are let through, as our own readers do.
 */
const schemaOf = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, { target: "draft-7", io: "input" }) as Json;

function described(properties: Json, notes: ReadonlyMap<string, string>): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const note = notes.get(name);
      return [name, note ? { description: note, ...(schema as Json) } : schema];
    }),
  );
}

/** One event whole, envelope and data. */
export function eventSchema({ event, meaning, notes }: Entry): Json {
  const { properties: around, required } = schemaOf(Envelope) as {
    properties: Json;
    required: Json;
  };
  const { $schema: _, ...data } = schemaOf(event.schema);
  const {
    type: _type,
    version: _version,
    data: _data,
    ...rest
  } = described(around, envelopeNotes());
  return {
    title: event.type,
    description: meaning,
    type: "object",
    properties: {
      type: { type: "string", const: event.type },
      version: { type: "integer", const: event.version },
      data: { ...data, properties: described(data.properties as Json, notes) },
      ...rest,
    },
    required,
  };
}

/** Every event's schema, by the name of its file. */
export const schemaFiles = (): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    entries().map((entry) => [
      fileOf(entry.event),
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: `urn:holdline:event:${entry.event.type}:${entry.event.version}`,
        ...eventSchema(entry),
      },
    ]),
  );
