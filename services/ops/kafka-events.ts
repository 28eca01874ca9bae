import { Envelope, type Event } from "@holdline/events";
import type { KafkaTransport } from "@holdline/kafka";
import * as z from "zod";
import { allTopics } from "../topics.ts";
import { Follow, happened } from "./routes.ts";
import { BadRequest, type Reply, type Request } from "./server.ts";

const Range = z.strictObject({
  /** There is no one log with offsets of its own: what was taken in at this time or later. */
  since: z.iso.datetime({ offset: true }).optional(),
  follow: Follow,
});

/** Events of every topic as lines of JSON, from a time on or from now, and on as they happen when asked to follow. */
export function eventsOnKafka(transport: KafkaTransport, { query }: Request): Reply {
  const range = Range.safeParse(Object.fromEntries(query));
  if (!range.success) throw new BadRequest(`over Kafka: ${z.prettifyError(range.error)}`);
  const { since, follow } = range.data;
  const from = since === undefined ? Date.now() : Date.parse(since);
  return {
    async stream(response, signal) {
      const told = { since: from, ...(follow === "1" && { follow: signal }) };
      for await (const { bodies } of transport.read(allTopics, told)) {
        for (const event of eventsIn(bodies)) response.write(`${JSON.stringify({ event })}\n`);
        if (signal.aborted) return;
        if (response.writableNeedDrain) await happened(response, "drain", signal);
      }
    },
  };
}

/** The events among what topics hold: whoever else writes there may have written anything. */
export function eventsIn(bodies: readonly string[]): readonly Event[] {
  return bodies.flatMap((body) => {
    try {
      return Envelope.parse(JSON.parse(body)) as Event;
    } catch {
      return [];
    }
  });
}
