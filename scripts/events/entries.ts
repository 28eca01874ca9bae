import { readdirSync, readFileSync } from "node:fs";
import * as declared from "@holdline/events";
import { type EventType, topicOf } from "@holdline/events";
import { pipeline } from "../../services/pipeline.ts";
import { inOneLine, notesIn } from "../docstrings.ts";

const sources = new URL("../../packages/events/", import.meta.url);

/** Who is no stage and says or hears events all the same. */
const others: Readonly<Record<string, { says?: readonly string[]; hears?: readonly string[] }>> = {
  "the sms door": { says: ["inbound.arrived", "receipt.arrived", "event.dead-lettered"] },
  "the webhook door": { says: ["inbound.arrived", "receipt.arrived", "event.dead-lettered"] },
  "the opt-in door": { says: ["offer.made"] },
  "the socket-holder (as `connect`)": {
    says: ["queued", "moved", "joined", "said", "left", "ended"].map((verb) => `chat.${verb}`),
    hears: ["contact.opened"],
  },
  "the runtime (for any stage)": { says: ["event.dead-lettered"] },
};

/** What the docstrings say of an event, and of its fields by name. */
interface Docstrings {
  readonly meaning: string;
  readonly notes: ReadonlyMap<string, string>;
}

/** A declared event, with what its docstrings say, and who says and hears it. */
export interface Entry extends Docstrings {
  readonly event: EventType;
  readonly saidBy: readonly string[];
  readonly heardBy: readonly string[];
}

const declaration =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export const (\w+) = event\(([\s\S]*?)\);\n/g;

const sourceOf = (name: string) => readFileSync(new URL(name, sources), "utf8");

/** What the envelope's docstrings say of its fields. */
export const envelopeNotes = (): ReadonlyMap<string, string> => notesIn(sourceOf("event.ts"));

/** Docstrings of every declared event, by the name of its constant. */
function docstrings(): ReadonlyMap<string, Docstrings> {
  const found = new Map<string, Docstrings>();
  const shared = notesIn(sourceOf("parties.ts"));
  for (const name of readdirSync(sources).filter((name) => /^[a-z-]+\.ts$/.test(name))) {
    const source = sourceOf(name);
    const around = notesIn(source.replace(declaration, ""));
    for (const [, meaning = "", constant = "", body = ""] of source.matchAll(declaration))
      found.set(constant, {
        meaning: inOneLine(meaning),
        notes: new Map([...shared, ...around, ...notesIn(body)]),
      });
  }
  return found;
}

/** Every declared event, by topic. One that a later version has taken the place of is said by nobody. */
export function entries(): readonly Entry[] {
  const from = docstrings();
  const all = Object.entries(declared as Readonly<Record<string, unknown>>).filter(
    (pair): pair is [string, EventType] => Object.hasOwn(Object(pair[1]), "schema"),
  );
  const superseded = new Set(all.map(([, { after }]) => after));
  return all
    .map(([constant, event]) => {
      const source = from.get(constant);
      if (!source?.meaning) throw new Error(`${constant} has no docstring to say what it means`);
      const who = (what: "says" | "hears", stages: readonly { readonly name: string }[]) => [
        ...stages.map(({ name }) => name),
        ...Object.keys(others).filter((name) => others[name]?.[what]?.includes(event.type)),
      ];
      const has = (list: readonly EventType[]) => list.includes(event);
      if (superseded.has(event)) return { event, saidBy: [], heardBy: [], ...source };
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
