import { describe, expect, it } from "vitest";
import { conversations } from "../../packages/embedded/conversations.ts";
import { openDatabase } from "../../packages/embedded/database.ts";
import type { Write } from "../../packages/embedded/schema.ts";
import { ownFolder } from "../support/folder.ts";

describe("the numbers of conversations", () => {
  it("go up in the order they are met, and stay when the folder is opened again", async () => {
    const folder = ownFolder();
    const first = await openDatabase(folder);
    const met: Write[] = [];
    const { numberOf } = conversations(first, 10);
    expect(["c-b", "c-a", "c-b"].map((key) => numberOf(key, met))).toEqual([1, 2, 1]);
    await first.write(met);
    await first.close();
    const second = await openDatabase(folder);
    const again = conversations(second, 10);
    const more: Write[] = [];
    expect(["c-a", "c-b", "c-c"].map((key) => again.numberOf(key, more))).toEqual([2, 1, 3]);
    expect(more).toEqual([["meet", 3, "c-c"]]);
    expect([again.find("c-a"), again.find("c-d")]).toEqual([2, undefined]);
    await second.close();
  });

  it("are said with every write until one of them is in the file", async () => {
    const database = await openDatabase(ownFolder());
    const { numberOf } = conversations(database, 10);
    const meeting = () => {
      const writes: Write[] = [];
      numberOf("c-a", writes);
      return writes;
    };
    // The first of these never comes to anything: its group failed.
    expect([meeting(), meeting()]).toEqual([[["meet", 1, "c-a"]], [["meet", 1, "c-a"]]]);
    await Promise.all([database.write(meeting()), database.write(meeting())]);
    expect(meeting()).toEqual([]);
    await database.close();
  });
});
