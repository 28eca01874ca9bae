/** Writes docs/events.md and docs/settings.md from the source; `--check` fails when they are stale. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as declared from "@holdline/events";
import { type EventType, topicOf } from "@holdline/events";
import { z } from "zod";
import { pipeline } from "../services/pipeline.ts";
import { inOneLine, type JsonSchema, kindOf, notesIn, table } from "./docstrings.ts";
import { settingsDoc } from "./settings-doc.ts";

const root = new URL("../", import.meta.url);
const sources = new URL("packages/events/", root);

/** Who is no stage and says or hears events all the same. */
const others: Readonly<Record<string, { says?: readonly string[]; hears?: readonly string[] }>> = {
  "the sms door": { says: ["inbound.arrived", "receipt.arrived", "event.dead-lettered"] },
  "the opt-in door": { says: ["offer.made"] },
  "the socket-holder (as `connect`)": {
    says: ["queued", "moved", "joined", "said", "left", "ended"].map((verb) => `chat.${verb}`),
    hears: ["contact.opened"],
  },
  "the runtime (for any stage)": { says: ["event.dead-lettered"] },
};

type Source = { readonly meaning: string; readonly notes: ReadonlyMap<string, string> };

const declaration =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export const (\w+) = event\(([\s\S]*?)\);\n/g;

/** Docstrings of every declared event, by the name of its constant. */
function sourcesOf(): ReadonlyMap<string, Source> {
  const found = new Map<string, Source>();
  const shared = notesIn(readFileSync(new URL("parties.ts", sources), "utf8"));
  for (const name of readdirSync(sources).filter((name) => /^[a-z-]+\.ts$/.test(name))) {
    const source = readFileSync(new URL(name, sources), "utf8");
    const around = notesIn(source.replace(declaration, ""));
    for (const [, meaning = "", constant = "", body = ""] of source.matchAll(declaration))
      found.set(constant, {
        meaning: inOneLine(meaning),
        notes: new Map([...shared, ...around, ...notesIn(body)]),
      });
  }
  return found;
}

interface Entry extends Source {
  readonly event: EventType;
  readonly saidBy: readonly string[];
  readonly heardBy: readonly string[];
}

function entries(): readonly Entry[] {
  const from = sourcesOf();
  return Object.entries(declared as Readonly<Record<string, unknown>>)
    .filter((pair): pair is [string, EventType] => Object.hasOwn(Object(pair[1]), "schema"))
    .map(([constant, event]) => {
      const source = from.get(constant);
      if (!source?.meaning) throw new Error(`${constant} has no docstring to say what it means`);
      const who = (what: "says" | "hears", stages: readonly { readonly name: string }[]) => [
        ...stages.map(({ name }) => name),
        ...Object.keys(others).filter((name) => others[name]?.[what]?.includes(event.type)),
      ];
      const has = (list: readonly EventType[]) => list.includes(event);
      const saidBy = who(
        "says",
        pipeline.filter(({ emits }) => has(emits as readonly EventType[])),
      );
      const heardBy = who(
        "hears",
        pipeline.filter(({ on }) => has(on as readonly EventType[])),
      );
      if (saidBy.length === 0) throw new Error(`nobody says ${event.type}`);
      return { event, saidBy, heardBy, ...source };
    })
    .sort((a, b) => (topicOf(a.event.type) < topicOf(b.event.type) ? -1 : 1));
}

function section({ event, meaning, notes, saidBy, heardBy }: Entry): string {
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
    `${meaning} Version ${event.version}. Said by ${saidBy.join(", ")}. Heard by ${heardBy.join(", ") || "nobody: it is for people and the history"}.`,
    table(["Field", "Is", "Note"], fields),
  ].join("\n\n");
}

function eventsDoc(): string {
  const all = entries();
  const rows = all.map(({ event, saidBy, heardBy }) => [
    `[\`${event.type}\`](#${event.type.replace(".", "")})`,
    saidBy.join(", "),
    heardBy.join(", ") || "nobody",
  ]);
  return [
    "# Events",
    "Written by `npm run gen` from `packages/events` and the stages' declarations. Do not edit.",
    "An event's name is `topic.past-tense`. Around the data below every event has an envelope (version 1): `id`, `type`, `version`, `key` (the conversation), `time`, `cause`, `position` (`stream` and `seq`), `heard`, `effects`, `replay`, and for a redrive `only`. `packages/events/event.ts` says what each is.",
    "In the data there is always `conversationId`, which is the key and opaque. `business` and `customer` are addresses within the channel: E.164 for SMS. A time is ISO with milliseconds.",
    table(["Event", "Said by", "Heard by"], rows),
    ...all.map(section),
  ].join("\n\n");
}

const docs = { "docs/events.md": eventsDoc, "docs/settings.md": settingsDoc };
for (const [path, write] of Object.entries(docs)) {
  const file = new URL(path, root);
  const text = `${write()}\n`;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${path} is not what the source says; run \`npm run gen\``);
    process.exitCode = 1;
  }
}
