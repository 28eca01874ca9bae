import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  exportArchive,
  gather,
  importArchive,
  openHistory,
  verifyArchive,
} from "@holdline/archive";
import type { Event } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuestionAsked } from "../support/around.ts";
import { ownFolder } from "../support/folder.ts";
import { arriving } from "../support/make.ts";

/** Two conversations in which two producers answer each other, all within the same millisecond. */
const told: readonly Event[] = ["c-1", "c-2"].flatMap((key) =>
  Array.from({ length: 5 }, (_, seq) => {
    const draft = QuestionAsked({ conversationId: key, text: `naïve ${seq}` });
    const asked = arriving(draft, { position: { stream: `z/question/${key}`, seq }, cause: null });
    const heard = { "z/question": seq + 1 };
    const position = { stream: `a/question/${key}`, seq };
    return [asked, arriving(draft, { position, cause: asked.id, heard })];
  }).flat(),
);
const bodies = told.map((event) => JSON.stringify(event));

async function* inPages(all: readonly string[], size = 3) {
  for (let from = 0; from < all.length; from += size)
    yield { bodies: all.slice(from, from + size) };
}

async function exported(all: readonly string[]) {
  const folder = ownFolder();
  const file = join(folder, "a.ndjson");
  using history = await gather(inPages(all), join(folder, "scratch"));
  await exportArchive(history, file);
  return { file, folder, doubled: history.doubled, unreadable: history.unreadable };
}

describe("a history that comes in any order", () => {
  it("is exported in order, each event once, however it was shuffled and doubled", async () => {
    const straight = readFileSync((await exported(bodies)).file, "utf8");
    const disorder = fc.tuple(
      fc.shuffledSubarray(bodies, { minLength: bodies.length }),
      fc.subarray(bodies),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(disorder, async ([shuffled, again, seed]) => {
        const all = [...shuffled];
        for (const [n, body] of again.entries()) all.splice((seed * (n + 7)) % all.length, 0, body);
        const { file, doubled } = await exported(all);
        expect(readFileSync(file, "utf8")).toBe(straight);
        expect(doubled).toBe(again.length);
      }),
      { numRuns: 40 },
    );
  });

  it("gives an archive that is sound, and in which a question comes before its answer", async () => {
    const { file, folder } = await exported(bodies.toReversed());
    expect(await verifyArchive(file)).toMatchObject({ events: told.length, faults: [] });
    await importArchive(file, join(folder, "in"));
    using history = openHistory(join(folder, "in"));
    for (const key of ["c-1", "c-2"])
      expect(history.conversation(key)).toEqual(told.filter((event) => event.key === key));
  });

  it("may begin in the middle of a conversation, and may not have a hole", async () => {
    const later = bodies.filter((_, n) => told[n]?.position.seq !== 0);
    expect(await verifyArchive((await exported(later)).file)).toMatchObject({ faults: [] });
    const holed = bodies.filter((_, n) => told[n]?.position.seq !== 2);
    await expect(exported(holed)).rejects.toThrow(/goes from 1 to 3/);
  });

  it("leaves out what is no event, and counts it", async () => {
    const { unreadable } = await exported([...bodies, "not JSON {", "null", '{"type":"x"}', ""]);
    expect(unreadable).toBe(4);
  });

  it("is refused where two events claim one place", async () => {
    const other = JSON.stringify({ ...told[3], id: "another" });
    await expect(exported([...bodies, other])).rejects.toThrow(/two events claim to be/);
  });

  it("is kept on disk for its reader alone, and not for longer", async () => {
    const scratch = join(ownFolder(), "scratch");
    {
      using _ = await gather(inPages(bodies), scratch);
      expect(statSync(scratch).mode & 0o777).toBe(0o600);
    }
    expect(existsSync(scratch)).toBe(false);
  });
});
