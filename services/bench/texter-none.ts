import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "@holdline/embedded";
import { InboundArrived, OfferMade, ReplySent } from "@holdline/events";
import { commitIsPublish, ingress, retryPolicy, type Stage } from "@holdline/runtime";
import { pipeline } from "../pipeline.ts";
import { runPipeline } from "../run-pipeline.ts";
import { settingsPort } from "../settings/index.ts";
import { Settings } from "../settings/schema.ts";
import { standInSettings } from "../stand-in.ts";
import { business, channel, keyOf, phoneOf } from "./customers.ts";
import { inProcessEdge } from "./in-process-edge.ts";
import { inTurns } from "./in-turns.ts";
import type { Texter } from "./texter.ts";

/** The pipeline over its real log and store, with a carrier, a bot and a contact centre in this process. */
export async function texterNone(): Promise<Texter> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-bench-"));
  const { log, store, close } = await embedded({ folder });
  const commit = commitIsPublish(store);
  const now = () => new Date();
  const door = ingress(store, commit, { now });
  const settings = Settings.parse(standInSettings("http://127.0.0.1:1"));
  const scale = { speed: 1, quotas: Number.POSITIVE_INFINITY };
  const stop = new AbortController();
  const failures = new Set<string>();
  const waiting = new Map<string, () => void>();
  const parts = {
    transport: log,
    store,
    commit,
    ports: inProcessEdge(settingsPort(settings, scale)),
  };
  const running = [
    runPipeline({
      ...parts,
      stages: pipeline as unknown as readonly Stage[],
      policy: retryPolicy(),
      observe({ stage, outcome, code }) {
        if (outcome !== "run") failures.add(`${stage} ${outcome} ${code ?? ""}`);
      },
      signal: stop.signal,
    }),
    log.consume({ name: "bench", topics: ["reply"] }, heard, stop.signal),
  ];

  async function heard(raw: unknown) {
    const { type, key } = raw as { type: string; key: string };
    if (type === ReplySent.type) waiting.get(key)?.();
    return { verdict: "ack" } as const;
  }

  async function text(customer: number, words: string): Promise<void> {
    const conversationId = keyOf(customer);
    const reply = new Promise<void>((resolve) => waiting.set(conversationId, resolve));
    const messageId = randomUUID();
    const read = { messageId, business, customer: phoneOf(customer), text: words };
    const at = now().toISOString();
    const draft = InboundArrived({
      ...{ conversationId, channel, carrierId: messageId, carrierTime: at, arrivedAt: at },
      raw: JSON.stringify({ ...read, attachments: [] }),
    });
    await door.admit(channel, messageId, draft);
    await reply;
  }

  return {
    async prepare(customers) {
      const all = Array.from({ length: customers }, (_, n) => n);
      await inTurns(all, 500, async (n) => {
        const offered = new Promise<void>((resolve) => waiting.set(keyOf(n), resolve));
        const customer = phoneOf(n);
        const parties = { conversationId: keyOf(n), channel, business, customer };
        const waited = { secondsWaited: 0, estimatedWaitSeconds: 0, language: "en-US" };
        const offer = { voiceContactId: `v-${n}`, queue: "sms", ...waited };
        await door.admit("opt-in", `v-${n}`, OfferMade({ ...parties, ...offer }));
        await offered;
        const messageId = randomUUID();
        const raw = JSON.stringify({ messageId, business, customer, text: "YES", attachments: [] });
        const at = now().toISOString();
        const times = { carrierTime: at, arrivedAt: at };
        const yes = { conversationId: keyOf(n), channel, raw, carrierId: messageId, ...times };
        await door.admit(channel, messageId, InboundArrived(yes));
      });
    },
    text,
    async close() {
      stop.abort();
      await Promise.all(running);
      await close();
      rmSync(folder, { recursive: true });
      if (failures.size > 0)
        console.log(`not everything was run at once: ${[...failures].join(", ")}`);
    },
  };
}
