import type { Bot } from "@holdline/bots";
import { smsAwsReading } from "@holdline/channels/reading";
import { type Draft, type Event, lineOf, topicOf } from "@holdline/events";
import {
  advanced,
  blankRecord,
  type Delayed,
  derivedId,
  evolved,
  heardOf,
  type Once,
  relevance,
  type Stage,
  type StageRecord,
  spoken,
  stateOf,
  understood,
} from "@holdline/runtime";
import { configuredPipeline } from "../pipeline.ts";
import type { Ports } from "../ports.ts";
import type { SettingsPort } from "../settings/index.ts";

/** What the world answers in a made-up conversation. */
export interface World {
  readonly settings: SettingsPort;
  readonly ask: Bot["ask"];
  /** A contact id for a chat, a carrier's id for a text. */
  readonly name: (what: string) => string;
  /** A text left. */
  readonly sent: (text: string, token: string, carrierId: string) => void;
}

/**
 * The stages over one conversation in a time of its own, without disk and without waiting: the same functions of
 * the runtime that `deliverTo` runs, in the order in which a log would bring the events.
 */
export function conversation(key: string, world: World, startMs: number) {
  const stages = configuredPipeline(world.settings).map((stage) => ({
    stage,
    wanted: new Set(stage.on.map(({ type }) => type)),
    record: blankRecord,
  }));
  const all = stages.map(({ stage }) => stage);
  const relevant = new Map(all.map((stage) => [stage.name, relevance(stage, all)]));
  const ports = portsOf(world);
  const doors = new Map<string, number>();
  const told: Event[] = [];
  const queue: Event[] = [];
  let waiting: Delayed[] = [];
  let clock = startMs;
  const now = () => new Date(clock).toISOString();

  function say(event: Event) {
    told.push(event);
    queue.push(event);
    clock += 2;
  }

  async function run(entry: { stage: Stage; record: StageRecord }, event: Event) {
    const { stage, record } = entry;
    const known = understood(stage, event);
    if (!known) return;
    const effects: { name: string; outcome: unknown }[] = [];
    const once: Once = async (name, effect) => {
      const outcome = await effect(`${stage.name}/${event.id}/${name}`, never);
      effects.push({ name, outcome: outcome ?? null });
      return outcome;
    };
    const state = stateOf(stage, record);
    const drafts = await stage.run(known, { ...ports, once, state });
    clock += 20;
    const { outputs } = record;
    const saying = { time: now(), outputs, heard: heardOf(record), effects };
    const said = spoken(stage.name, event, drafts, saying);
    waiting.push(...said.delay);
    const value = evolved(stage, state, known, said.publish);
    const version = stage.state?.version;
    const position = { line: lineOf(event.position.stream), seq: event.position.seq };
    const next = {
      ...record,
      outputs: said.outputs,
      ...(version && { state: { version, value } }),
    };
    entry.record = advanced(next, position, true);
    for (const one of said.publish) say(one);
  }

  /** All that follows from what was said, and nothing that is only due later. */
  async function settle() {
    for (let event = queue.shift(); event; event = queue.shift())
      for (const entry of stages)
        if (entry.wanted.has(event.type) && relevant.get(entry.stage.name)?.(event.position.stream))
          await run(entry, event);
  }

  function admit(producer: string, id: string, draft: Draft, origin: Partial<Event> = {}) {
    const stream = `${producer}/${topicOf(draft.type)}/${key}`;
    const seq = doors.get(stream) ?? 0;
    doors.set(stream, seq + 1);
    say({
      ...draft,
      id: origin.id ?? derivedId(`${producer}/${id}`),
      time: now(),
      cause: origin.cause ?? null,
      position: { stream, seq },
      heard: origin.heard ?? {},
      effects: origin.effects ?? [],
      replay: false,
    });
  }

  return {
    told: told as readonly Event[],
    now,
    /** Something happens: through a door, and on to the end. */
    async happens(producer: string, id: string, draft: Draft) {
      admit(producer, id, draft);
      await settle();
    },
    /** Time goes by, and what becomes due is said. */
    async later(ms: number) {
      const end = clock + ms;
      for (;;) {
        waiting = waiting.toSorted((a, b) => (a.due < b.due ? -1 : 1));
        const [next] = waiting;
        if (!next || Date.parse(next.due) > end) break;
        waiting = waiting.slice(1);
        clock = Math.max(clock, Date.parse(next.due));
        const { id, producer, draft, due: notBefore, ...origin } = next;
        admit(`later.${producer}`, id, { ...draft, notBefore }, { ...origin, id });
        await settle();
      }
      clock = Math.max(clock, end);
    },
  };
}

const never = new AbortController().signal;

function portsOf({ settings, ask, name, sent }: World): Ports {
  const reading = smsAwsReading({ maxSegments: settings.limits.maxSegments });
  return {
    settings,
    channel: () => ({
      ...reading,
      async send({ text }, token) {
        const carrierId = name("text");
        sent(text, token, carrierId);
        return { accepted: true, carrierId, segments: reading.segments(text) };
      },
    }),
    bot: () => ({ name: "bench", ask }),
    contacts: {
      open: async () => ({ opened: true, contactId: name("chat") }),
      say: async () => ({ sent: true, itemId: name("item") }),
      leave: async () => {},
      fit: (text) => [text.slice(0, settings.limits.relayCharacters)],
    },
  };
}
