import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "@holdline/embedded";
import type { Event } from "@holdline/events";
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
    arrived.set(`c_${n}`, resolve);
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
  const at = new Date().toISOString();
  const parties = { channel: "sms-aws", business: "+12065550100", customer: "+14255000000" };
  const data = { conversationId: `c_${n}`, ...parties, messageId: `t-${n}`, text, sentAt: at };
  const said = { heard: { "bare/said": 1 }, effects: [], replay: false };
  const place = { cause: null, position: { stream: `bare/said/c_${n}`, seq: 0 } };
  return {
    id: `bare-${n}`,
    type: "bare-0.said",
    version: 1,
    key: `c_${n}`,
    time: at,
    data,
    ...said,
    ...place,
  };
}

const saidBy = (stage: number, event: Event): Event => ({
  ...event,
  id: `${event.id}-${stage}`,
  type: `bare-${stage}.said`,
  cause: event.id,
});
