import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportArchive, importArchive, openHistory, verifyArchive } from "@holdline/archive";
import { embedded } from "@holdline/embedded";
import type { Event } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuestionAsked } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving } from "../support/make.ts";

const conversations = ["c-1", "c-2", "c-3"];

/** Two producers that answer each other, within the same millisecond. */
function told(rounds: number): Event[] {
  return conversations.flatMap((key) =>
    Array.from({ length: rounds }, (_, seq) => {
      const draft = QuestionAsked({ conversationId: key, text: `naïve ${seq} \u2028` });
      const question = { stream: `z-door/question/${key}`, seq };
      const asked = arriving(draft, { position: question, cause: null });
      const answer = { stream: `a-stage/question/${key}`, seq };
      const heard = { "z-door/question": seq + 1 };
      return [asked, arriving(draft, { position: answer, cause: asked.id, heard })];
    }).flat(),
  );
}

/** An archive of `rounds` rounds, and the lines it is made of. */
async function archived(rounds = 4, name = "a.ndjson") {
  const folder = ownFolder();
  await using data = await embedded({ folder });
  await data.log.publish(told(rounds));
  const file = join(folder, name);
  // The pipeline is running meanwhile: the log is only read.
  using history = openHistory(folder);
  const events = await exportArchive(history, file);
  const lines = name.endsWith(".zst") ? [] : readFileSync(file, "utf8").trimEnd().split("\n");
  const write = (...lines: readonly string[]) => writeFileSync(file, `${lines.join("\n")}\n`);
  return { file, lines, events, write };
}

const at = (lines: readonly string[], n: number) => lines[n - 1] ?? "";
const without = (lines: readonly string[], n: number) => lines.toSpliced(n - 1, 1);
const faultsOf = async (file: string) =>
  (await verifyArchive(file)).faults.map(({ message }) => message);

describe("an archive", () => {
  it.each(["a.ndjson", "a.ndjson.zst"])("of %s is sound, and holds what was said", async (name) => {
    const { file, events } = await archived(4, name);
    expect(await verifyArchive(file)).toEqual({ events, faults: [] });
    expect(events).toBe(24);
    const folder = ownFolder();
    await importArchive(file, folder);
    using history = openHistory(folder);
    for (const key of conversations)
      expect(history.conversation(key)).toEqual(told(4).filter((event) => event.key === key));
  });

  it("is not imported into a pipeline's data folder, where it would hide what goes on", async () => {
    const { file } = await archived();
    const folder = ownFolder();
    await (await embedded({ folder })).close();
    await expect(importArchive(file, folder)).rejects.toThrow("name another one");
    expect(readdirSync(folder).filter((name) => name.startsWith("history"))).toEqual([]);
  });

  it("can be exported again from its import, to the same events", async () => {
    const { file, lines } = await archived();
    const folder = ownFolder();
    await importArchive(file, folder);
    using history = openHistory(folder);
    await exportArchive(history, `${file}.again`);
    expect(readFileSync(`${file}.again`, "utf8").trimEnd().split("\n").sort()).toEqual(
      lines.toSorted(),
    );
  });

  it("is put in order by position, however it was shuffled", async () => {
    const { file, lines, write } = await archived();
    const [first = "", ...rest] = lines;
    const body = rest.slice(0, -1);
    const whole = fc.shuffledSubarray(body, { minLength: body.length });
    await fc.assert(
      fc.asyncProperty(whole, async (shuffled) => {
        write(first, ...shuffled, rest.at(-1) ?? "");
        const folder = ownFolder();
        await importArchive(file, folder);
        using history = openHistory(folder);
        for (const key of conversations)
          expect(history.conversation(key)).toEqual(told(4).filter((event) => event.key === key));
      }),
      { numRuns: 20 },
    );
  });

  it("names the line of an event that was altered, is missing, or is there twice", async () => {
    const { file, lines, write } = await archived();
    write(...lines.with(5, at(lines, 6).replace("naïve", "naive")));
    expect(await faultsOf(file)).toEqual([expect.stringMatching(/^line 6: .* was altered/)]);
    write(...without(lines, 6));
    expect((await faultsOf(file))[0]).toMatch(/^line \d+: .* goes from 1 to 3: missing/);
    write(...without(lines, 2));
    expect((await faultsOf(file))[0]).toMatch(/^line 3: .* what was before it is missing/);
    write(...lines.toSpliced(7, 0, at(lines, 6)));
    expect((await faultsOf(file))[0]).toMatch(/^line 8: .* is there already/);
    write(...without(lines, 25));
    expect(await faultsOf(file)).toEqual([expect.stringContaining("the footer tells of 24")]);
  });
});

describe("a hostile archive", () => {
  const long = "x".repeat(10_000_000);
  const hostile: [string, (lines: readonly string[]) => readonly string[], RegExp][] = [
    ["nothing", () => [], /^line 1: not JSON/],
    ["not JSON", (lines) => lines.with(4, '{"chain":'), /^line 5: not JSON/],
    ["JSON of another kind", (lines) => lines.with(4, "null"), /^line 5: neither an event/],
    ["a stranger's file", (lines) => lines.slice(1), /^line 1: not the beginning/],
    [
      "a later version",
      (lines) => lines.with(0, '{"archive":"holdline","version":3}'),
      /^line 1: archive version 3; this reads 2/,
    ],
    ["a line of 10 MB", (lines) => lines.with(4, long), /^line 5: longer than/],
    ["a cut end", (lines) => lines.slice(0, 9), /^line 10: .* truncated/],
    ["a lost event", (lines) => without(lines, 6), /^line \d+: .* missing/],
    ["a lost last event", (lines) => without(lines, 25), /^line 25: the footer tells of 24/],
    ["a doubled line", (lines) => lines.toSpliced(5, 0, at(lines, 5)), /^line 6: .* already/],
    [
      "an altered event",
      (lines) => lines.with(5, at(lines, 6).replace("naïve", "naive")),
      /^line 6: .* altered/,
    ],
    [
      "an envelope that is none",
      (lines) => lines.with(5, at(lines, 6).replace('"seq":', '"sequence":')),
      /^line 6: not an event/,
    ],
    ["something behind its end", (lines) => [...lines, "{}"], /^line 30: something follows/],
  ];

  it.each(hostile)(
    "with %s is refused at its line; nothing is imported",
    async (_, made, fault) => {
      const { file, lines, write } = await archived();
      write(...made(lines));
      const folder = ownFolder();
      await expect(importArchive(file, folder)).rejects.toThrow(fault);
      expect(readdirSync(folder)).toEqual([]);
      expect((await faultsOf(file))[0]).toMatch(fault);
    },
  );

  it.each([
    ["cut", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["damaged", (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 20, 40)],
  ])("that was compressed and then %s is refused at a line", async (_, made) => {
    const { file } = await archived(4, "a.ndjson.zst");
    writeFileSync(file, made(readFileSync(file)));
    const folder = ownFolder();
    await expect(importArchive(file, folder)).rejects.toThrow(/^line \d+: .*truncated/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("an export", () => {
  it("that fails leaves nothing under its name", async () => {
    const folder = ownFolder();
    await using data = await embedded({ folder });
    await data.log.publish(told(3).filter(({ position }) => position.seq !== 1));
    using history = openHistory(folder);
    const file = join(folder, "a.ndjson");
    await expect(exportArchive(history, file)).rejects.toThrow(/goes from 0 to 2/);
    expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
  });
});
