import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { embedded } from "@holdline/embedded";
import { type Event, EventDeadLettered } from "@holdline/events";
import { blankRecord, commitIsPublish, ingress, retried } from "@holdline/runtime";
import { describe, expect, it, vi } from "vitest";
import { conversations } from "../../packages/embedded/conversations.ts";
import { openDatabase } from "../../packages/embedded/database.ts";
import { embeddedLog } from "../../packages/embedded/log.ts";
import { embeddedStore } from "../../packages/embedded/store.ts";
import { QuestionAsked, question } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving, at } from "../support/make.ts";

const seqs = (events: readonly Event[]) => events.map(({ position }) => position.seq);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const logTerms = { atOnce: 8, inHand: 100, tail: 1_000 };
const storeTerms = { now: () => 0, seenForMs: 1_000, marksForMs: 1_000, cached: 10, outbox: false };

describe("a data folder", () => {
  it("is made where there is none, for nobody else to read", async () => {
    const folder = join(ownFolder(), "a", "b");
    await using _ = await embedded({ folder });
    expect(existsSync(folder)).toBe(true);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it("is one process's at a time", async () => {
    const folder = ownFolder();
    const first = await embedded({ folder });
    await expect(embedded({ folder })).rejects.toThrow("in use by another Holdline process");
    await first.close();
    await using second = await embedded({ folder });
    expect(second.wasClean).toBe(true);
  });

  it("keeps an unclean ending until somebody who took something in has closed it", async () => {
    const folder = ownFolder();
    const raw = await openDatabase(folder);
    await raw.write([["fact", "ending", "unclean"]]);
    await raw.close();
    await (await embedded({ folder })).abandon();
    const next = await embedded({ folder });
    expect(next.wasClean).toBe(false);
    await next.close();
    await using last = await embedded({ folder });
    expect(last.wasClean).toBe(true);
  });

  it("knows whether the process before closed it", async () => {
    const folder = ownFolder();
    await using first = await embedded({ folder });
    expect(first.wasClean).toBe(true);
    await first.close();
    const raw = await openDatabase(folder);
    await raw.write([["fact", "ending", "unclean"]]);
    await raw.close();
    await using third = await embedded({ folder });
    expect(third.wasClean).toBe(false);
  });
});

describe("a closed folder", () => {
  it("can be closed again, and takes nothing more", async () => {
    const machine = await embedded({ folder: ownFolder() });
    await Promise.all([machine.close(), machine.close()]);
    await machine.close();
    await expect(machine.log.publish([question()])).rejects.toThrow("is closed");
  });
});

describe("writing", () => {
  it("is all or nothing, and the next group is none the worse", async () => {
    const database = await openDatabase(ownFolder());
    await database.write([["keep", "before", "1"]]);
    const failing = database.write([
      ["keep", "never", "1"],
      ["append", "not an offset", "c-1", "question", "{}"],
    ]);
    await expect(failing).rejects.toThrow();
    await database.write([["keep", "after", "1"]]);
    const names = database.prepare("SELECT name FROM kept ORDER BY name").all();
    expect(names.map(({ name }) => name)).toEqual(["after", "before"]);
    await database.close();
  });

  it("is seen by every read once it has resolved, however many are asked for at once", async () => {
    const database = await openDatabase(ownFolder());
    const count = database.prepare("SELECT count(*) AS n FROM kept");
    const written = await Promise.all(
      upTo(200).map(async (n) => {
        await database.write([["keep", `name ${n}`, "x"]]);
        return Number(count.first()?.n) > 0;
      }),
    );
    expect(written.every(Boolean)).toBe(true);
    expect(count.first()?.n).toBe(200);
    await database.close();
  });

  it("brings the WAL into the file again and again, however busy it and its readers are", async () => {
    const folder = ownFolder();
    const database = await openDatabase(folder);
    const read = database.prepare("SELECT value FROM kept WHERE name = ?");
    for (let round = 0; round < 200; round++) {
      const names = upTo(250).map((n) => `${round}/${n}`);
      await Promise.all(names.map((name) => database.write([["keep", name, `of ${name}`]])));
      expect(read.first(`${round}/0`)?.value).toBe(`of ${round}/0`);
    }
    // "Checkpoint sequence number" of the WAL's header: one more each time the WAL starts over (sqlite.org/fileformat2.html).
    const startedOver = readFileSync(join(folder, "holdline.db-wal")).readUInt32BE(12);
    expect(startedOver).toBeGreaterThan(1);
    await database.close();
  });

  it("is all in the file itself when the folder is closed", async () => {
    const folder = ownFolder();
    const database = await openDatabase(folder);
    await database.write([["keep", "a", "b"]]);
    expect(database.prepare("SELECT value FROM kept").first()?.value).toBe("b");
    expect(existsSync(join(folder, "holdline.db-wal"))).toBe(true);
    await database.close();
    expect(existsSync(join(folder, "holdline.db-wal"))).toBe(false);
  });

  it("is finished before the folder is closed", async () => {
    const folder = ownFolder();
    const first = await openDatabase(folder);
    const writing = [1, 2, 3].map((n) => first.write([["keep", `name ${n}`, "x"]]));
    await first.close();
    await Promise.all(writing);
    await using second = await embedded({ folder });
    expect(await second.store.keptUnder("name")).toHaveLength(3);
  });
});

describe("a commit that fails", () => {
  it("publishes nothing, moves nothing and forgets no effect", async () => {
    const database = await openDatabase(ownFolder());
    const numbers = conversations(database, 10);
    const log = embeddedLog(database, numbers, logTerms);
    let failures = 1;
    const append = vi.fn(async (...given: Parameters<typeof log.append>) => {
      if (failures-- > 0) throw new Error("the disk is full");
      await log.append(...given);
    });
    const store = embeddedStore(database, numbers, append, storeTerms);
    const work = { stage: "s", key: "c-1", position: { line: "phone/question", seq: 0 } };
    const claim = await store.claim(work, { leaseMs: 1_000, gapMs: 0 });
    if (claim.claim !== "mine") throw new Error("the folder is not new");
    await store.done(work, claim.token, "t", "sent");
    const decision = {
      record: { ...blankRecord, outputs: { answer: 1 } },
      ...{ publish: [question()], delay: [], seen: ["x"], forget: ["t"] },
    };
    await expect(store.commit(work, claim.token, decision)).rejects.toThrow("disk is full");
    expect(await store.mark("t")).toEqual({ outcome: "sent" });
    expect(await store.isSeen("x")).toBe(false);
    expect(log.read(1, 10)).toEqual([]);
    await store.commit(work, claim.token, decision);
    expect(await store.mark("t")).toBeUndefined();
    expect(log.read(1, 10)).toHaveLength(1);
    await database.close();
  });
});

describe("what a folder remembers", () => {
  it("is there when it is opened again: records, marks, ids, delayed drafts, values", async () => {
    const folder = ownFolder();
    const work = { stage: "s", key: "c-1", position: { line: "phone/question", seq: 0 } };
    const first = await embedded({ folder });
    const claim = await first.store.claim(work, { leaseMs: 1e9, gapMs: 0 });
    if (claim.claim !== "mine") throw new Error("the folder is not new");
    await first.store.begin(work, claim.token, "begun", 2);
    await first.store.done(work, claim.token, "done", { n: 1 });
    await first.store.release(
      work,
      claim.token,
      retried(claim.record, work.position, { counts: true, code: "bug", now: 0 }),
    );
    await first.store.keep("a", "b");
    const held = await first.store.claim(work, { leaseMs: 1e9, gapMs: 0 });
    await first.close();

    await using second = await embedded({ folder });
    expect(held.claim).toBe("mine");
    expect(await second.store.mark("begun")).toMatchObject({ times: 2 });
    expect(await second.store.mark("done")).toEqual({ outcome: { n: 1 } });
    expect(await second.store.kept("a")).toBe("b");
    // The lease of the process before is void.
    const again = await second.store.claim(work, { leaseMs: 1_000, gapMs: 0 });
    expect(again).toMatchObject({ claim: "mine", attempt: 2 });
  });

  it("is read again when memory is too small for it", async () => {
    await using machine = await embedded({ folder: ownFolder(), cached: 2 });
    const { store } = machine;
    const door = ingress(store, commitIsPublish(store), { now: () => new Date(0) });
    for (const round of [0, 1, 2])
      for (const n of upTo(10)) {
        const draft = QuestionAsked({ conversationId: `c-${n}`, text: "x" });
        await door.admit("phone", `${n}/${round}`, draft);
      }
    for (const n of upTo(10)) expect(seqs(machine.log.conversation(`c-${n}`))).toEqual([0, 1, 2]);
  });
});

describe("the log", () => {
  it("is read from memory and from disk alike", async () => {
    await using machine = await embedded({ folder: ownFolder(), tail: 5 });
    for (const n of upTo(40)) await machine.log.publish([question(n)]);
    expect(machine.log.end).toBe(41);
    expect(seqs(machine.log.read(1, 100).map(({ event }) => event))).toEqual(upTo(40));
    expect(machine.log.read(3, 2).map(({ off }) => off)).toEqual([3, 4]);
    expect(machine.log.read(39, 10).map(({ off }) => off)).toEqual([39, 40]);
    expect(machine.log.read(41, 10)).toEqual([]);
  });

  it("goes on after a group that failed", async () => {
    await using machine = await embedded({ folder: ownFolder() });
    await machine.log.publish([question(0)]);
    const failing = machine.log.append([question(1)], [["append", "no offset", "k", "t", "{}"]]);
    await expect(failing).rejects.toThrow();
    await machine.log.publish([question(1)]);
    const stop = new AbortController();
    const delivered: Event[] = [];
    await machine.log.consume(
      { name: "reader", topics: ["question"] },
      async (raw) => {
        if (delivered.push(raw as Event) === 2) stop.abort();
        return { verdict: "ack" };
      },
      stop.signal,
    );
    expect(seqs(delivered)).toEqual([0, 1]);
    await machine.log.publish([question(2)]);
    const [, , last] = machine.log.read(1, 10);
    expect(last?.event).toEqual(question(2));
    expect(machine.log.read(last?.off ?? 0, 10)).toEqual([last]);
  });

  it("shows one conversation, and what was put aside", async () => {
    await using machine = await embedded({ folder: ownFolder() });
    const other = arriving(QuestionAsked({ conversationId: "c-2", text: "x" }));
    const letter = arriving(
      EventDeadLettered({ conversationId: "c-1", stage: "s", code: "c", stack: null, event: 1 }),
    );
    await machine.log.publish([question(0), other, letter, question(1)]);
    expect(machine.log.conversation("c-1")).toEqual([question(0), letter, question(1)]);
    expect(machine.log.conversation("nobody")).toEqual([]);
    expect(machine.log.deadLetters()).toEqual([letter]);
  });

  it("tells those who asked when there is more, until they stop", async () => {
    await using machine = await embedded({ folder: ownFolder() });
    const stop = new AbortController();
    const told = vi.fn();
    machine.log.onAppend(told, stop.signal);
    await machine.log.publish([question(0)]);
    stop.abort();
    await machine.log.publish([question(1)]);
    expect(told).toHaveBeenCalledOnce();
  });

  it("reads no further than a subscriber can take in hand, and goes on when it can", async () => {
    await using machine = await embedded({ folder: ownFolder(), inHand: 2, atOnce: 2, tail: 1 });
    const streams = upTo(8).map((n) =>
      arriving(
        QuestionAsked({ conversationId: `c-${n}`, text: "x" }),
        at(0, `phone/question/c-${n}`),
      ),
    );
    await machine.log.publish(streams);
    const stop = new AbortController();
    const seen: string[] = [];
    await machine.log.consume(
      { name: "slow", topics: ["question"] },
      async (raw) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (seen.push((raw as Event).key) === 8) stop.abort();
        return { verdict: "ack" };
      },
      stop.signal,
    );
    expect(seen.sort()).toEqual(upTo(8).map((n) => `c-${n}`));
  });
});
