import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  exportArchive,
  type History,
  importArchive,
  openArchive,
  openHistory,
  verifyArchive,
} from "@holdline/archive";
import { embedded } from "@holdline/embedded";
import type { Event } from "@holdline/events";
import { describe, expect, it } from "vitest";
import { QuestionAsked } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving } from "../support/make.ts";

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

/** Conversations one after the other, each a minute later than the one before: blocks hold a few of them. */
function told(conversations: number, from = 0): Event[] {
  return Array.from({ length: conversations }, (_, n) => `c-${from + n}`).flatMap((key, n) =>
    Array.from({ length: 20 }, (_, seq) => {
      const draft = QuestionAsked({ conversationId: key, text: `${key} ${seq}` });
      const position = { stream: `door/question/${key}`, seq };
      return arriving(draft, { position, time: minute(from + n) });
    }),
  );
}

async function exported(name: string, conversations = 100) {
  const folder = ownFolder();
  await using data = await embedded({ folder });
  await data.log.publish(told(conversations));
  const file = join(folder, name);
  using history = openHistory(folder);
  await exportArchive(history, file);
  return { folder, file };
}

/** A history that cannot be read on behind its `pages`-th page. */
function ailing(history: History, pages: number) {
  const asked: number[] = [];
  return {
    asked,
    *pages(after = 0) {
      asked.push(after);
      let read = 0;
      for (const page of history.pages(after)) {
        if (read++ === pages) throw Object.assign(new Error("the disk"), { code: "EIO" });
        yield page;
      }
    },
  };
}

describe.each(["a.ndjson", "a.ndjson.zst"])("the index of %s", (name) => {
  it("finds a conversation, though all blocks it is not in are destroyed", async () => {
    const { file } = await exported(name);
    const bytes = readFileSync(file);
    await using whole = await openArchive(file);
    const wanted = await whole.recording("c-50");
    // 2,000 events are 8 blocks: the 51st conversation is in the middle ones.
    writeFileSync(file, bytes.fill(0x20, 4_000, Math.floor(bytes.length / 4)));
    await using archive = await openArchive(file);
    expect(await archive.recording("c-50")).toEqual(wanted);
    expect(wanted?.bodies).toHaveLength(20);
    expect(wanted?.whole).toBe(true);
    await expect(archive.recording("c-3")).rejects.toThrow(/^line \d+: /);
    expect(await archive.recording("c-500")).toBeUndefined();
  });

  it("finds the conversations of a time", async () => {
    const { file, folder } = await exported(name);
    await using archive = await openArchive(file);
    const keys = ["c-10", "c-11", "c-12"];
    expect([...(await archive.keysBetween(minute(10), minute(12)))].sort()).toEqual(keys);
    using log = openHistory(folder);
    expect(log.keysBetween(minute(10), minute(12))).toEqual(keys);
    expect([archive.end, log.end]).toEqual([minute(99), minute(99)]);
    expect([archive.events, log.events]).toEqual([2_000, 2_000]);
  });
});

describe("an index", () => {
  it("that does not fit its lines is not believed, and is told of", async () => {
    const { file } = await exported("a.ndjson");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const places = lines.findIndex((line) => line.startsWith('{"conversations"'));
    const at = (n: number) => lines[n] ?? "";
    const moved = at(places).replace('["c-1",[0]]', '["c-1",[7]]');
    expect(moved).not.toBe(at(places));
    writeFileSync(file, `${lines.with(places, moved).join("\n")}\n`);
    const { faults } = await verifyArchive(file);
    expect(faults.map(({ message }) => message)).toEqual([
      `line ${places + 1}: the index does not fit the lines`,
    ]);
    // Shuffled: every place is another now.
    const events = lines.slice(1, places).reverse();
    writeFileSync(file, `${[at(0), ...events, ...lines.slice(places)].join("\n")}\n`);
    await using archive = await openArchive(file);
    await expect(archive.recording("c-1")).rejects.toThrow("does not fit the lines");
  });
});

describe("an export that was cut off", () => {
  it.each(["a.ndjson", "a.ndjson.zst"])(
    "goes on where it was, and makes the same %s as if nothing had happened",
    async (name) => {
      const folder = ownFolder();
      await using data = await embedded({ folder });
      await data.log.publish(told(1_000));
      using history = openHistory(folder);
      const [straight, cut] = [join(folder, `straight-${name}`), join(folder, `cut-${name}`)];
      await exportArchive(history, straight);
      const first = ailing(history, 5);
      await expect(exportArchive(first, cut)).rejects.toThrow("the disk");
      const second = ailing(history, 3);
      await expect(exportArchive(second, cut)).rejects.toThrow("the disk");
      const last = ailing(history, 1_000);
      expect(await exportArchive(last, cut)).toBe(20_000);
      expect([second.asked.at(-1), last.asked.at(-1)]).toEqual([8_192, 12_288]);
      expect(readFileSync(cut).equals(readFileSync(straight))).toBe(true);
    },
  );

  it("takes in what was said meanwhile, and begins anew when it is another history", async () => {
    const folder = ownFolder();
    await using data = await embedded({ folder });
    await data.log.publish(told(500));
    using history = openHistory(folder);
    const file = join(folder, "a.ndjson");
    await expect(exportArchive(ailing(history, 3), file)).rejects.toThrow("the disk");
    await data.log.publish(told(10, 500));
    expect(await exportArchive(history, file)).toBe(10_200);
    expect(await verifyArchive(file)).toEqual({ events: 10_200, faults: [] });

    await expect(exportArchive(ailing(history, 3), file)).rejects.toThrow("the disk");
    const other = ownFolder();
    await using others = await embedded({ folder: other });
    await others.log.publish(told(300, 9_000));
    using theirs = openHistory(other);
    await exportArchive(theirs, file);
    await exportArchive(theirs, `${file}.straight`);
    expect(readFileSync(file).equals(readFileSync(`${file}.straight`))).toBe(true);
  });
});

describe("a history that begins in the middle", () => {
  it("says of which conversations the beginning is missing", async () => {
    const folder = ownFolder();
    await using data = await embedded({ folder });
    await data.log.publish(told(2).slice(5));
    const file = join(folder, "a.ndjson");
    using history = openHistory(folder);
    await exportArchive(history, file);
    const into = ownFolder();
    await importArchive(file, into);
    using imported = openHistory(into);
    await using archive = await openArchive(file);
    for (const from of [imported, archive])
      expect([(await from.recording("c-0"))?.whole, (await from.recording("c-1"))?.whole]).toEqual([
        false,
        true,
      ]);
  });
});
