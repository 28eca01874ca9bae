import * as z from "zod";
import { type JsonSchema, kindOf, table } from "../docstrings.ts";
import { type Entry, entries } from "./entries.ts";
import { fileOf } from "./schemas.ts";

const saying = ({ saidBy }: Entry) => saidBy.join(", ") || "nobody any more";

function section(entry: Entry): string {
  const { event, meaning, notes, heardBy } = entry;
  const { properties = {}, required = [] } = z.toJSONSchema(event.schema) as JsonSchema;
  const fields = Object.entries(properties)
    .filter(([name]) => name !== "conversationId")
    .map(([name, schema]) => [
      `\`${name}\``,
      kindOf(schema) + (required.includes(name) ? "" : " (optional)"),
      notes.get(name) ?? "",
    ]);
  return [
    `### ${event.type}`,
    `${meaning} Version ${event.version}. Said by ${saying(entry)}. Heard by ${heardBy.join(", ") || "nobody: it is for people and the history"}. [Schema](events/schemas/${fileOf(event)}).`,
    table(["Field", "Is", "Note"], fields),
  ].join("\n\n");
}

/** docs/events.md: every event, who says it, who hears it, and what is in it. */
export function eventsPage(): string {
  const all = entries();
  const rows = all.map((entry) => [
    `[\`${entry.event.type}\`](#${entry.event.type.replace(".", "")})`,
    saying(entry),
    entry.heardBy.join(", ") || "nobody",
  ]);
  return [
    "# Events",
    "Written by `npm run gen` from `packages/events` and the stages' declarations. Do not edit.",
    "The same for programs: [AsyncAPI 3](events/asyncapi.json), and a JSON Schema for each event in [events/schemas](events/schemas). `npm run events:catalogue` makes a page of it to browse, `events/catalogue.html`.",
    "An event's name is `topic.past-tense`. Around the data below every event has an envelope (version 1): `id`, `type`, `version`, `key` (the conversation), `time`, `cause`, `position` (`stream` and `seq`), `heard`, `effects`, `replay`, for a redrive `only`, and for what was said later `notBefore`. `packages/events/event.ts` says what each is.",
    "In the data there is always `conversationId`, which is the key and opaque. `business` and `customer` are addresses within the channel: E.164 for SMS. A time is ISO with milliseconds.",
    table(["Event", "Said by", "Heard by"], rows),
    ...all.map(section),
  ].join("\n\n");
}
