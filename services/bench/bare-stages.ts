import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "@holdline/embedded";
import type { Event } from "@holdline/events";
import { business, channel, keyOf, phoneOf } from "./customers.ts";
import { inTurns } from "./in-turns.ts";

const stages = 5;

/**
 * Five stages over the same log that only pass on what they hear, durable before it is acknowledged, with as
 * many texts under way: what the runtime and the stages add to is this. No schema, no dedupe, no state, no
 * effects. Texts a second.
 */
export async function bareStages(texts: readonly string[], atOnce: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-bare-"));
  const { log, close } = await embedded({ folder });
  const stop = new AbortController();
  const arrived = new Map<string, () => void>();
  const running = Array.from({ length: stages }, (_, stage) =>
    log.consume(
      { name: `bare-${stage}`, topics: [`bare-${stage}`] },
      async (raw) => {
        await log.publish([saidBy(stage + 1, raw as Event)]);
        return { verdict: "ack" };
      },
      stop.signal,
    ),
  );
  const end = { name: "bare-end", topics: [`bare-${stages}`] };
  const ending = log.consume(
    end,
    async (raw) => {
      arrived.get((raw as Event).key)?.();
      return { verdict: "ack" };
    },
    stop.signal,
  );
  const started = performance.now();
  await inTurns([...texts.entries()], atOnce, async ([n, text]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    arrived.set(keyOf(n), resolve);
    await log.publish([first(n, text)]);
    await promise;
  });
  const seconds = (performance.now() - started) / 1_000;
  stop.abort();
  await Promise.all([...running, ending]);
  await close();
  rmSync(folder, { recursive: true });
  return texts.length / seconds;
}

/** An event about as large as the pipeline's are. */
function first(n: number, text: string): Event {
  const key = keyOf(n);
  const time = new Date().toISOString();
  const parties = { conversationId: key, channel, business, customer: phoneOf(n) };
  return {
    ...{ type: "bare-0.said", version: 1, key, id: `bare-${n}`, time, cause: null },
    data: { ...parties, messageId: `bare-${n}`, text, sentAt: time },
    position: { stream: `bare/said/${key}`, seq: 0 },
    ...{ heard: { "bare/said": 1 }, effects: [], replay: false },
  };
}

const saidBy = (stage: number, event: Event): Event => ({
  ...event,
  id: `${event.id}-${stage}`,
  type: `bare-${stage}.said`,
  cause: event.id,
});
