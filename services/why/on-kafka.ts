import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gather } from "@holdline/archive";
import { type Event, topicOf } from "@holdline/events";
import type { KafkaTransport } from "@holdline/kafka";
import type { Delayed, Stage, Standing } from "@holdline/runtime";
import * as z from "zod";
import { kafkaToRead } from "../archive-source.ts";
import type { Environment } from "../environment.ts";
import { brokersOf, placeOf } from "../installation.ts";
import { eventsIn } from "../ops/kafka-events.ts";
import { allTopics } from "../topics.ts";
import type { Source } from "./source.ts";
import { type AskPipeline, Stages, whole } from "./standing.ts";
import type { Why } from "./why.ts";

/** What the brokers have, to look one conversation up in; and where the stages stand in it. */
export interface KafkaSource extends Source {
  /** Of the conversation that was read last, by any process that runs over these brokers; nothing where none answers. */
  standing(
    key: string,
    stages: readonly Stage[],
    ask: AskPipeline,
  ): Promise<{ readonly standing: Standing | undefined; readonly seen: Why["seen"] }>;
}

const Begun = z.object({ token: z.string(), begunAt: z.number(), times: whole });
const Later = z.object({
  ...{ id: z.string(), due: z.string(), producer: z.string(), cause: z.string().nullable() },
  draft: z.object({ type: z.string(), version: whole, key: z.string(), data: z.unknown() }),
  ...{ heard: z.record(z.string(), whole), effects: z.array(z.unknown()) },
});

/** What `GET /progress/:key` answers over Kafka; `settled` is by stage and topic the offset it goes on from. */
const Answer = z.object({
  kafka: z.string(),
  stages: Stages,
  begun: z.array(Begun),
  delayed: z.array(Later),
  settled: z.record(z.string(), z.record(z.string(), whole)),
});

/** Opens the topics, from a time on (epoch ms) where one is given. A conversation is read from its own partitions. */
export async function kafkaSource(env: Environment, since?: number): Promise<KafkaSource> {
  const transport = await kafkaToRead(env);
  const range = { ...(since !== undefined && { since }) };
  /** The offset each event of the last conversation was first written at. */
  const offsets = new Map<string, number>();
  let events: readonly Event[] = [];
  return {
    async conversation(key) {
      events = await inOrder(ofConversation(transport, key, range, offsets));
      return events.length > 0 ? events : undefined;
    },
    async conversationOf(id) {
      for await (const { bodies } of transport.read(allTopics, range)) {
        const found = eventsIn(bodies).find((event) => event.id === id);
        if (found) return found.key;
      }
      return undefined;
    },
    async standing(key, stages, ask) {
      const answer = await ask(`/progress/${encodeURIComponent(key)}`)
        .then(async (response) => Answer.safeParse(await response.json()).data)
        .catch(() => undefined);
      // Another installation's process may answer on this port.
      if (answer?.kafka !== placeOf(brokersOf(env)))
        return { standing: undefined, seen: "history" };
      return { standing: standingOf(answer, events, stages, offsets), seen: "running" };
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** A conversation's events page by page, as its partitions have them; `offsets` is told where each is. */
async function* ofConversation(
  transport: KafkaTransport,
  key: string,
  range: { readonly since?: number },
  offsets: Map<string, number>,
) {
  offsets.clear();
  for await (const { bodies, offsets: places } of transport.read(allTopics, { ...range, key })) {
    const mine: string[] = [];
    for (const [nth, body] of bodies.entries()) {
      const [event] = eventsIn([body]);
      if (event?.key !== key) continue;
      mine.push(body);
      if (!offsets.has(event.id)) offsets.set(event.id, places[nth] ?? 0);
    }
    yield { bodies: mine };
  }
}

/** Each event once, in an order in which they can have been said. */
async function inOrder(
  brought: AsyncIterable<{ readonly bodies: readonly string[] }>,
): Promise<readonly Event[]> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-why-"));
  try {
    using history = await gather(brought, join(folder, "scratch"));
    return [...history.pages()].flat().map(({ body }) => JSON.parse(body) as Event);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function standingOf(
  { stages: told, begun, delayed, settled }: z.output<typeof Answer>,
  events: readonly Event[],
  stages: readonly Stage[],
  offsets: ReadonlyMap<string, number>,
): Standing {
  const ids = new Set(events.map(({ id }) => id));
  const standing = ({ name }: Stage) => {
    const goesOnFrom = settled[name] ?? {};
    const ahead = events.findIndex(
      ({ id, type }) =>
        (offsets.get(id) ?? 0) >= (goesOnFrom[topicOf(type)] ?? Number.POSITIVE_INFINITY),
    );
    return {
      ...(told[name] ?? { cursors: {}, heldUntil: null }),
      leftBehind: ahead < 0 ? events.length : ahead,
      begun: begun.filter(({ token }) => {
        const [by, event = ""] = token.split("/");
        return by === name && ids.has(event);
      }),
    };
  };
  return {
    stages: Object.fromEntries(stages.map((stage) => [stage.name, standing(stage)])),
    delayed: delayed as unknown as readonly Delayed[],
  } as Standing;
}
