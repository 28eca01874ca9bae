import { statSync } from "node:fs";
import {
  exportArchive,
  importArchive,
  openArchive,
  openHistory,
  verifyArchive,
} from "@holdline/archive";
import type { Event } from "@holdline/events";
import { steadyMemory } from "../steady-memory.ts";
import { answering, sayAbove } from "./sockets-child.ts";

/** Stories that go on at the same time: their events are told in one row. */
const atOnce = 500;

const everyMs = 3_600_000;

/** Of one step, in its own process: how long, and how much memory at most. */
export interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

async function timed<T extends object>(step: () => Promise<T>): Promise<Taken & T> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const found = await step();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...found,
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (user + system) / 1_000_000,
    // Kilobytes, as getrusage has them on Linux.
    peakMiB: process.resourceUsage().maxRSS / 1_024,
  };
}

/**
 * What the bench asks of a process: one step each, so that each has a memory of its own, and in it no more code
 * than the command would load.
 */
export const steps = {
  /** Tells stories until there are so many events, into the log of a folder. */
  make: (folder: string, file: string, seed: string, events: number) =>
    timed(async () => {
      const { embedded } = await import("@holdline/embedded");
      const { textsOf } = await import("../texts.ts");
      const { story } = await import("./history-story.ts");
      const texts = textsOf(file);
      await using data = await embedded({ folder });
      const start = Date.UTC(2026, 0, 5, 8);
      let [told, conversations] = [0, 0];
      for (let round = 0; told < events; round++) {
        const all: Event[] = [];
        for (let n = 0; n < atOnce && told + all.length < events; n++) {
          const at = start + round * everyMs + n * (everyMs / atOnce);
          for (const event of await story(seed, conversations, texts, at)) all.push(event);
          conversations++;
        }
        all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
        for (let n = 0; n < all.length; n += 2_000) await data.log.publish(all.slice(n, n + 2_000));
        told += all.length;
        sayAbove(`${told.toLocaleString("en-US")} events of ${conversations} conversations`);
      }
      return { events: told, conversations };
    }),
  export: (folder: string, file: string) =>
    timed(async () => {
      using history = openHistory(folder);
      const events = await exportArchive(history, file);
      return { events, bytes: statSync(file).size };
    }),
  verify: (file: string) => timed(() => verifyArchive(file)),
  import: (file: string, folder: string) =>
    timed(async () => ({ events: await importArchive(file, folder) })),
  /** A conversation in the middle of an import, to look for. */
  someKey(folder: string): string {
    using history = openHistory(folder);
    const { value } = history
      .pages(Math.floor(history.events / 2))
      [Symbol.iterator]()
      .next();
    return (JSON.parse(value?.[0]?.body ?? "{}") as Event).key;
  },
  find: (file: string, key: string) =>
    timed(async () => {
      await using archive = await openArchive(file);
      const found = await archive.recording(key);
      return { events: found?.bodies.length ?? 0 };
    }),
  replay: (path: string, which: { readonly only?: string; readonly key?: string }) =>
    timed(async () => (await import("../replay/replay-of.ts")).replayOf(path, which)),
};

steadyMemory();
answering(steps);
