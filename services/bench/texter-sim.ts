import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type Event, ReplySent } from "@holdline/events";
import { simClient } from "../cli/sim-client.ts";
import { ownProgram, pairEnvironment } from "../drill/processes.ts";
import { inTurns } from "./in-turns.ts";
import type { Texter } from "./texter.ts";

/** The pipeline in a process of its own against the stand-in in another: real SDK clients, real HTTP. */
export async function texterSim(): Promise<Texter> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-bench-"));
  const env = await pairEnvironment(folder);
  const aws = ownProgram(["simulator"], env, join(folder, "simulator.log"));
  await aws.ready;
  const pipeline = ownProgram(["serve"], env, join(folder, "serve.log"));
  await pipeline.ready;
  const sim = simClient(env.AWS_ENDPOINT_URL);
  const phone = (customer: number) => `+1425${5_000_000 + customer}`;
  const waiting = new Map<string, () => void>();
  const gone = new AbortController();
  const events = await fetch(`http://127.0.0.1:${env.HOLDLINE_OPS_PORT}/events?follow=1&from=1`, {
    signal: gone.signal,
  });
  const lines = createInterface({
    input: Readable.fromWeb(events.body as ReadableStream).on("error", () => {}),
  });
  lines.on("line", (line) => {
    if (!line.includes(`"type":"${ReplySent.type}"`)) return;
    const { event } = JSON.parse(line) as { event: Event<string, { to: string }> };
    waiting.get(event.data.to)?.();
  });
  const reply = (customer: number) =>
    new Promise<void>((resolve) => waiting.set(phone(customer), resolve));

  return {
    async prepare(customers, say) {
      const all = Array.from({ length: customers }, (_, n) => n);
      let done = 0;
      await inTurns(all, 100, async (n) => {
        const offered = reply(n);
        await sim.call(phone(n));
        await offered;
        const placed = reply(n);
        await sim.text(phone(n), "YES");
        await placed;
        if (++done % 1_000 === 0) say(`${done} of ${customers} customers wait with the bot`);
      });
    },
    async text(customer, words) {
      const sent = reply(customer);
      await sim.text(phone(customer), words);
      await sent;
    },
    async close() {
      gone.abort();
      lines.close();
      await pipeline.stop();
      await aws.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
