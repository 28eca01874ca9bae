import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { report } from "./report.ts";
import { type Child, child } from "./sockets-child.ts";
import type { ContenderName, ContenderProcess, Terms } from "./sockets-contender.ts";
import { figuresOf, type Measured } from "./sockets-figures.ts";
import { openInBook } from "./sockets-holder.ts";
import { refuseTooMany } from "./sockets-limits.ts";
import type { Server } from "./sockets-server.ts";

export interface SocketsBenchOptions {
  readonly chats: number;
  readonly chatjs: number;
}

/**
 * Chats held by one holder, beside bare `ws` and amazon-connect-chatjs: in the same run, against the
 * same server in another process, each in a process of its own.
 */
export async function runSocketsBench({ chats, chatjs }: SocketsBenchOptions): Promise<void> {
  refuseTooMany(Math.max(chats, chatjs));
  const say = (line: string) => console.log(line);
  const work = mkdtempSync(join(tmpdir(), "holdline-bench-"));
  // Children and folder go with this process, however it ends.
  process.on("exit", () => rmSync(work, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => process.exit(130));

  const server = child<Server>(new URL("./sockets-server.ts", import.meta.url), say);
  const [port] = await server.ask("listen");
  // With few chats only the counts mean anything: their heartbeats come fast, to be done soon.
  const heartbeatMs = chats < 1_000 ? 600 : 10_000;
  const endpoint = `http://127.0.0.1:${port}`;
  const measure = async (name: ContenderName, count: number): Promise<Measured> => {
    // The others ask for theirs, one by one.
    const given = name === "bare ws" || name === "holder alone";
    const urls = given ? await server.ask("urls", count) : [];
    const folder = join(work, name);
    if (name.startsWith("holder")) await openInBook(folder, count);
    const terms = { chats: count, heartbeatMs, endpoint, urls, folder };
    return await measured(name, terms, server, say);
  };
  const bare = await measure("bare ws", chats);
  const alone = await measure("holder alone", chats);
  const holder = await measure("holder", chats);
  const official = await measure("chatjs", chatjs);
  await server.stop();
  report(
    "sockets",
    figuresOf({ holder, "holder alone": alone, "bare ws": bare, chatjs: official }),
  );
}

async function measured(
  name: ContenderName,
  terms: Terms,
  server: Child<Server>,
  say: (line: string) => void,
): Promise<Measured> {
  const { chats, heartbeatMs } = terms;
  const contender = child<ContenderProcess>(
    new URL("./sockets-contender.ts", import.meta.url),
    say,
  );
  const baseline = await contender.ask("begin", name, terms);
  const opening = await contender.ask("open");
  say(`${name}: ${chats} chats connected, waiting for heartbeats`);
  const before = await server.ask("counts");
  const missedBefore = (await contender.ask("counts")).missed;
  const idleShare = await contender.ask("idle", 3 * heartbeatMs);
  const { open, missed } = await contender.ask("counts");
  const after = await server.ask("counts");
  const standing = await contender.ask("asItStands");
  const held = await contender.ask("resident");
  const hearing = contender.ask("hear", chats);
  const { sent, beganAt } = await server.ask("burst");
  const { heard, at, cpuMs } = await hearing;
  say(`${name}: ${heard} of ${sent} messages heard`);
  await sleep(500);
  const spoken = await contender.ask("resident");
  await contender.stop();
  while ((await server.ask("counts")).sockets > 0) await sleep(50);
  const kibOf = (now: { readonly rss: number }) => (now.rss - baseline.rss) / 1_024 / chats;
  return {
    chats,
    open,
    connectSeconds: opening.ms / 1_000,
    connectCpuMs: opening.cpuMs / chats,
    kibAsItStands: kibOf(standing),
    kib: kibOf(held),
    heapKib: (held.heapUsed - baseline.heapUsed) / 1_024 / chats,
    kibAfterBurst: kibOf(spoken),
    beats: after.beats - before.beats,
    missed: missed - missedBefore,
    idlePercent: idleShare * 100,
    heard,
    hearMs: at - beganAt,
    hearCpuMicros: (cpuMs * 1_000) / chats,
  };
}
