import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { embedded } from "@holdline/embedded";
import { commitIsPublish, ingress } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { QuestionAsked } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";

/** Lets another process write until it has told of `enough`, kills it, and returns all it told of. */
async function killedAfter(enough: number, folder: string): Promise<string[]> {
  const program = join(import.meta.dirname, "writing-program.ts");
  const child = spawn("node", [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === enough) child.kill("SIGKILL");
  }
  return told;
}

/** What the folder holds, and whether the store and the log agree about it. */
async function found(folder: string) {
  await using machine = await embedded({ folder });
  const events = machine.log.read(1, 1_000_000).map(({ event }) => QuestionAsked.parse(event));
  const written = events.filter(({ data }) => !data.text.startsWith("after"));
  const ids = written.map(({ data }) => data.text.split(" ").slice(0, 2).join("/"));
  const known = new Set(ids);
  for (const id of ids) expect(await machine.store.isSeen(`phone/${id}`)).toBe(true);
  for (const [key, own] of Map.groupBy(events, (event) => event.key)) {
    const seqs = own.map(({ position }) => position.seq);
    expect(seqs, `the numbers of ${key}`).toEqual(seqs.map((_, n) => n));
    // The next one goes on where the last one was: the record is as old as the log.
    const door = ingress(machine.store, commitIsPublish(machine.store), { now: () => new Date() });
    const next = QuestionAsked({ conversationId: key, text: "after the crash" });
    await door.admit("phone", `after/${key}/${seqs.length}`, next);
    expect(machine.log.conversation(key).at(-1)?.position.seq).toBe(seqs.length);
  }
  return { wasClean: machine.wasClean, ids, known };
}

describe("a folder whose process was killed in the middle of writing", () => {
  it("holds everything that was acknowledged, and nothing twice", async () => {
    const folder = ownFolder();
    const told = await killedAfter(500, folder);
    const { ids, known, wasClean } = await found(folder);
    expect(told.filter((id) => !known.has(id))).toEqual([]);
    expect(known.size).toBe(ids.length);
    expect(wasClean).toBe(false);
  });

  it("can be killed and written again, time after time", async () => {
    const folder = ownFolder();
    await killedAfter(50, folder);
    const first = await found(folder);
    // The second process begins at the beginning: all the first one wrote is known to the door.
    const told = await killedAfter(100, folder);
    const { known, ids } = await found(folder);
    expect(first.ids.filter((id) => !known.has(id))).toEqual([]);
    expect(known.size).toBe(ids.length);
    expect(told).toHaveLength(new Set(told).size);
  });

  it("is a consistent beginning of itself, wherever its last file was torn off", async () => {
    const folder = ownFolder();
    await killedAfter(300, folder);
    const whole = join(folder, "holdline.db");
    expect(existsSync(`${whole}-wal`)).toBe(true);
    const size = statSync(`${whole}-wal`).size;
    let most = 0;
    for (const share of [0, 0.1, 0.37, 0.5, 0.73, 0.99, 1]) {
      const torn = join(ownFolder(), "torn");
      mkdirSync(torn);
      copyFileSync(whole, join(torn, "holdline.db"));
      copyFileSync(`${whole}-wal`, join(torn, "holdline.db-wal"));
      truncateSync(join(torn, "holdline.db-wal"), Math.floor(size * share));
      const { ids, known } = await found(torn);
      expect(known.size).toBe(ids.length);
      expect(ids.length).toBeGreaterThanOrEqual(most);
      most = ids.length;
    }
    expect(most).toBeGreaterThanOrEqual(300);
  });
});
