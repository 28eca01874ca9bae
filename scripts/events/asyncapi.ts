import { readFileSync } from "node:fs";
import { topicOf } from "@holdline/events";
import { type Entry, entries } from "./entries.ts";
import { eventSchema, fileOf } from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

const fixtures = new URL("../../tests/events/fixtures/", import.meta.url);
const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };

const nameOf = ({ event }: Entry) => fileOf(event).replace(/\.json$/, "");

const about = [
  "What Holdline records and says. A channel is a topic: one topic of one conversation is in order, by producer.",
  "On Kafka it is the topic of that name, behind the prefix of the installation, and the key of a record is the conversation. On EventBridge the `detail-type` is the event's name, so that a rule may take a topic by its prefix, and `detail` is the event. On one machine `GET /events` of the ops port has all of them, a line each.",
  "Events hold texts and phone numbers; keys, ids and positions do not. An event is read for ever: a change that readers of an earlier one could not parse is a new version, beside the old one.",
].join("\n\n");

function message(entry: Entry): Json {
  const { event, meaning, saidBy, heardBy } = entry;
  const example = JSON.parse(readFileSync(new URL(fileOf(event), fixtures), "utf8")) as Json;
  const said = saidBy.length > 0 ? `Said by ${saidBy.join(", ")}` : "Said by nobody any more";
  const heard =
    heardBy.length > 0 ? `heard by ${heardBy.join(", ")}` : "for people and the history";
  return {
    name: event.type,
    title: event.version === 1 ? event.type : `${event.type}, version ${event.version}`,
    summary: meaning,
    description: `${said}; ${heard}.`,
    contentType: "application/json",
    payload: eventSchema(entry),
    examples: [{ name: "recorded", summary: "One as it was recorded.", payload: example }],
  };
}

function channel(topic: string, all: readonly Entry[]): Json {
  const own = all.filter(({ event }) => topicOf(event.type) === topic);
  return {
    address: topic,
    title: topic,
    messages: Object.fromEntries(
      own.map((entry) => [nameOf(entry), { $ref: `#/components/messages/${nameOf(entry)}` }]),
    ),
  };
}

/** What everybody says and hears, an operation for each topic. */
function operations(all: readonly Entry[]): Json {
  const found = new Map<string, Entry[]>();
  const noted = (who: readonly string[], action: "send" | "receive", entry: Entry) => {
    for (const name of who) {
      const key = [name, action, topicOf(entry.event.type)].join("|");
      found.set(key, [...(found.get(key) ?? []), entry]);
    }
  };
  for (const entry of all) {
    noted(entry.saidBy, "send", entry);
    noted(entry.heardBy, "receive", entry);
  }
  return Object.fromEntries(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => {
        const [name = "", action = "", topic = ""] = key.split("|");
        const who = name.replaceAll("`", "");
        const does = action === "send" ? "says" : "hears";
        const id = `${who.replace(/[^a-z]+/g, "-").replace(/-$/, "")}.${does}.${topic}`;
        return [
          id,
          {
            action,
            title: `${who} ${does} ${topic}`,
            summary: `${who} ${does} ${own.map(({ event }) => event.type).join(", ")}.`,
            channel: { $ref: `#/channels/${topic}` },
            messages: own.map((entry) => ({
              $ref: `#/channels/${topic}/messages/${nameOf(entry)}`,
            })),
            tags: [{ name: who }],
          },
        ];
      }),
  );
}

/** The AsyncAPI 3 document of all events: channels are topics, operations are who says and hears what. */
export function asyncapi(): Json {
  const all = entries();
  const topics = [...new Set(all.map(({ event }) => topicOf(event.type)))];
  return {
    asyncapi: "3.1.0",
    info: {
      title: "Holdline events",
      version,
      description: about,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(topics.map((topic) => [topic, channel(topic, all)])),
    operations: operations(all),
    components: {
      messages: Object.fromEntries(all.map((entry) => [nameOf(entry), message(entry)])),
    },
  };
}
