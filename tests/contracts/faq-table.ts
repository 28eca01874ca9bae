import {
  contentDigest,
  type FaqEntry,
  type FaqTable,
  intentName,
  livePairs,
  pairBytesMax,
  reviewed,
  rolledBack,
  syncOf,
  TableMoved,
} from "@holdline/faq";
import { describe, expect, it } from "vitest";
import { at, pairOf } from "../support/faq-pairs.ts";

/** Two views of one table, as of two processes. */
type Open = () => Promise<{ readonly table: FaqTable; readonly other: FaqTable }>;

const terms = { review: "none", at } as const;

/** What every FAQ table owes. */
export function faqTableContract(open: Open): void {
  const filled = async (...ids: readonly string[]) => {
    const both = await open();
    const { entries } = syncOf(
      await both.table.state(),
      ids.map((id) => pairOf(id)),
      terms,
    );
    await both.table.apply(0, entries);
    return both;
  };

  describe("a table", () => {
    it("is empty at revision 0 before anything was put into it", async () => {
      const { table } = await open();
      expect(await table.revision()).toBe(0);
      expect(await table.state()).toEqual({ revision: 0, entries: new Map() });
      expect(await table.entry("nobody")).toBeUndefined();
      expect(await table.history("nobody")).toEqual([]);
    });

    it("shows everybody a revision, whole, in the order of ids", async () => {
      const { table, other } = await filled("b", "a", "c-10", "9");
      const seen = await other.state();
      expect([...seen.entries.keys()]).toEqual(["9", "a", "b", "c-10"]);
      expect(seen).toEqual(await table.state());
      expect(seen.revision).toBe(await other.revision());
      expect(livePairs(seen).map(({ answer }) => answer)).toContain("The answer to c-10.");
    });

    it("finds what is said by the name of the pair's intent, in its latest revision", async () => {
      const { table, other } = await filled("hours", "Opening_Hours-2");
      const changed = [pairOf("hours", { answer: "Nine to five.", text: "Nine to five." })];
      const { entries } = syncOf(await table.state(), changed, terms);
      await table.apply(await table.revision(), entries);
      expect((await other.entry(intentName("hours")))?.live?.pair?.text).toBe("Nine to five.");
      expect((await other.entry(intentName("Opening_Hours-2")))?.live).toBeTruthy();
      expect(await other.entry("hour")).toBeUndefined();
    });

    it("keeps every version, and brings one back", async () => {
      const { table } = await filled("hours");
      for (const answer of ["One.", "Two.", "Three."]) {
        const changed = [pairOf("hours", { answer, text: answer })];
        const state = await table.state();
        await table.apply(state.revision, syncOf(state, changed, terms).entries);
      }
      const past = await table.history("hours");
      expect(past.map(({ live }) => live?.pair?.answer)).toEqual([
        "The answer to hours.",
        "One.",
        "Two.",
        "Three.",
      ]);
      await table.apply(await table.revision(), [rolledBack(past, 2, at)]);
      expect((await table.entry("hours"))?.live).toMatchObject({ number: 2 });
      expect(await table.history("hours")).toHaveLength(5);
    });

    it("shows no pair that was removed, and still has its past", async () => {
      const { table } = await filled("hours", "place");
      const state = await table.state();
      await table.apply(state.revision, syncOf(state, [pairOf("place")], terms).entries);
      expect(livePairs(await table.state()).map(({ id }) => id)).toEqual(["place"]);
      expect((await table.entry("hours"))?.live?.pair).toBeNull();
      expect(await table.history("hours")).toHaveLength(2);
    });

    it("keeps what waits beside what is live until it is approved", async () => {
      const { table } = await filled("hours");
      const changed = [pairOf("hours", { answer: "New.", text: "New." })];
      const before = await table.state();
      const { entries } = syncOf(before, changed, { ...terms, review: "changed" });
      await table.apply(before.revision, entries);
      expect((await table.entry("hours"))?.live?.pair?.text).toBe("The answer to hours.");
      const state = await table.state();
      await table.apply(state.revision, reviewed(state, ["hours"], "approved", at));
      expect((await table.entry("hours"))?.live?.pair?.text).toBe("New.");
    });
  });

  describe("of two that change a table at once", () => {
    it("one is told that it was moved, and nothing of its is ever seen", async () => {
      const { table, other } = await filled("hours", "place");
      const state = await table.state();
      const ours = syncOf(state, [pairOf("hours"), pairOf("ours")], terms).entries;
      const theirs = syncOf(state, [pairOf("hours"), pairOf("theirs")], terms).entries;
      await other.apply(state.revision, theirs);
      await expect(table.apply(state.revision, ours)).rejects.toThrow(TableMoved);
      const after = await table.state();
      const more = syncOf(after, [...livePairs(after), pairOf("later")], terms).entries;
      await table.apply(after.revision, more);
      expect(livePairs(await other.state()).map(({ id }) => id)).toEqual([
        "hours",
        "later",
        "theirs",
      ]);
      expect(await other.history("ours")).toEqual([]);
    });

    it("exactly one of many wins each time, however they fall", async () => {
      const { table, other } = await filled("n0");
      for (let round = 1; round <= 3; round++) {
        const state = await table.state();
        const attempts = await Promise.allSettled(
          [table, other, table, other].map((one, n) =>
            one.apply(state.revision, [entryFor(`round-${round}-${n}`)]),
          ),
        );
        expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect((await other.state()).entries.size).toBe(round + 1);
      }
    });
  });

  describe("a change that fails half-way", () => {
    it("is not seen, then or later", async () => {
      const { table, other } = await filled("hours", "place");
      const before = await table.state();
      const entries = ["a", "b", "c", "d"].map((id) => entryFor(id));
      await expect(table.apply(before.revision, [...entries, breaking("e")])).rejects.toThrow(
        "cannot be written",
      );
      expect(await other.state()).toEqual(before);
      await table.apply(before.revision, [entryFor("f")]);
      expect([...(await other.state()).entries.keys()]).toEqual(["f", "hours", "place"]);
      expect(await other.entry(intentName("a"))).toBeUndefined();
      expect(await other.history("b")).toEqual([]);
    });

    it("is refused before it begins where a pair is larger than any table takes", async () => {
      const { table } = await filled("hours");
      const huge = pairOf("huge", { answerHtml: "x".repeat(pairBytesMax) });
      const state = await table.state();
      const { entries } = syncOf(state, [pairOf("hours"), huge], terms);
      await expect(table.apply(state.revision, entries)).rejects.toThrow(/pair huge has \d+ bytes/);
      expect(await table.revision()).toBe(state.revision);
    });
  });

  it("takes a thousand pairs of many kilobytes, and two versions of the largest in one entry", async () => {
    const { table, other } = await open();
    const many = Array.from({ length: 1_000 }, (_, n) =>
      pairOf(`pair-${n}`, { answerHtml: "é".repeat(1_500) }),
    );
    const largest = pairOf("largest", { answerHtml: "x".repeat(pairBytesMax - 1_000) });
    await table.apply(0, syncOf(await table.state(), [...many, largest], terms).entries);
    const state = await other.state();
    expect(state.entries.size).toBe(1_001);
    const changed = { ...largest, answer: "Other.", text: "Other." };
    const { entries } = syncOf(state, [...many, changed], { ...terms, review: "changed" });
    await table.apply(state.revision, entries);
    const [waiting] = [(await other.entry(intentName("largest")))?.waiting];
    expect(contentDigest(waiting?.pair ?? null)).toBe(contentDigest(changed));
  });
}

function entryFor(id: string): FaqEntry {
  const live = { number: 1, pair: pairOf(id) };
  return { id, versions: 1, live, waiting: null, rejected: null, did: "added", at };
}

/** An entry that can be measured and, when it is its turn, not written. */
function breaking(id: string): FaqEntry {
  const entry = entryFor(id);
  let asked = 0;
  const pair = {
    ...pairOf(id),
    toJSON() {
      asked++;
      if (asked > 1) throw new Error("cannot be written");
      return {};
    },
  };
  return { ...entry, live: { number: 1, pair } };
}
