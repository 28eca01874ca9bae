import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "@holdline/archive";
import { embedded, standingIn } from "@holdline/embedded";
import { describe, expect, it } from "vitest";
import { question } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";

/** A data folder as version 0.1 wrote it: two conversations' events by turns, and what one stage knows of each. */
function earlierFolder(): string {
  const folder = ownFolder();
  const database = new DatabaseSync(join(folder, "holdline.db"));
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE events (
      off INTEGER PRIMARY KEY, key TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX conversation ON events (key, off);
    CREATE INDEX dead_letters ON events (off) WHERE topic = 'event';
    CREATE TABLE records (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`);
  const append = database.prepare(
    "INSERT INTO events (key, topic, body) VALUES (?, 'question', ?)",
  );
  const record = database.prepare("INSERT INTO records VALUES (?, ?)");
  for (const seq of [0, 1])
    for (const key of ["c-2", "c-1"])
      append.run(key, JSON.stringify({ ...question(seq), id: `${key}-${seq}`, key }));
  for (const [id, next] of [
    ["answerer/c-1", 2],
    ["answerer/c-2", 1],
    ["door/c-3", 7],
  ] as const)
    record.run(
      id,
      JSON.stringify({ cursors: { "phone/question": { next, passed: [] } }, outputs: {} }),
    );
  database.close();
  return folder;
}

describe("a data folder of version 0.1", () => {
  it("is brought up to date when it is opened: its history, its places and what stages know", async () => {
    const folder = earlierFolder();
    for (const opening of ["once", "again"]) {
      await using machine = await embedded({ folder });
      const ids = (key: string) => machine.log.conversation(key).map(({ id }) => id);
      expect(
        machine.log.read(1, 10).map(({ off, event }) => `${off} ${event.id}`),
        opening,
      ).toEqual(["1 c-2-0", "2 c-1-0", "3 c-2-1", "4 c-1-1"]);
      expect(machine.log.end).toBe(5);
      expect(ids("c-1")).toEqual(["c-1-0", "c-1-1"]);
      expect(ids("c-2")).toEqual(["c-2-0", "c-2-1"]);
      const claimed = async (key: string, seq: number) => {
        const work = { stage: "answerer", key, position: { line: "phone/question", seq } };
        const claim = await machine.store.claim(work, { leaseMs: 1_000, gapMs: 0 });
        if (claim.claim === "mine") await machine.store.release(work, claim.token);
        return claim.claim;
      };
      expect(await claimed("c-1", 1)).toBe("seen");
      expect(await claimed("c-2", 1)).toBe("mine");
      const { cursors } = await machine.store.peek({ stage: "door", key: "c-3" });
      expect(cursors["phone/question"]?.next).toBe(7);
    }
    using history = openHistory(folder);
    expect([...history.recordings()].map(({ key }) => key)).toEqual(["c-1", "c-2"]);
    expect(standingIn(folder, "c-2", ["answerer"]).stages.answerer?.cursors).toEqual({
      "phone/question": { next: 1, passed: [] },
    });
  });

  it("is made whole where it was killed while it was made", async () => {
    const folder = ownFolder();
    const database = new DatabaseSync(join(folder, "holdline.db"));
    database.exec(
      "CREATE TABLE events (off INTEGER PRIMARY KEY, key TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL) STRICT",
    );
    database.close();
    await using machine = await embedded({ folder });
    await machine.log.publish([question()]);
    expect(machine.log.conversation("c-1")).toEqual([question()]);
  });

  it("is not read by those who may write nothing, and they say what to do", () => {
    expect(() => openHistory(earlierFolder())).toThrow(/start `holdline serve` on it once/);
  });
});
