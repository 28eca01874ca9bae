import {
  contentDigest,
  type FaqEntry,
  type FaqState,
  type KeptPair,
  livePairs,
  type Review,
  reviewed,
  rolledBack,
  syncOf,
  waitingEntries,
} from "@holdline/faq";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, pairOf } from "../support/faq-pairs.ts";

const empty: FaqState = { revision: 0, entries: new Map() };
const applied = (state: FaqState, entries: readonly FaqEntry[]): FaqState => ({
  revision: state.revision + 1,
  entries: new Map([...state.entries, ...entries.map((entry) => [entry.id, entry] as const)]),
});
const synced = (state: FaqState, pairs: readonly KeptPair[], review: Review = "none") =>
  applied(state, syncOf(state, pairs, { review, at }).entries);
const answered = (id: string, answer: string) => pairOf(id, { answer, text: answer });
const ids = (state: FaqState) => livePairs(state).map(({ id }) => id);
const kinds = (state: FaqState, pairs: readonly KeptPair[], review: Review = "none") =>
  syncOf(state, pairs, { review, at }).changes.map(({ id, change, waits }) => [id, change, waits]);

describe("a sync", () => {
  it("says what was added, changed and removed, and that nothing is when nothing was", () => {
    const state = synced(empty, [pairOf("a"), pairOf("b")]);
    expect(kinds(state, [pairOf("b"), pairOf("a")])).toEqual([]);
    expect(kinds(state, [answered("a", "New."), pairOf("c")])).toEqual([
      ["a", "changed", false],
      ["c", "added", false],
      ["b", "removed", false],
    ]);
  });

  it("takes no notice of when a page was fetched, nor of its markup where it says the same", () => {
    const state = synced(empty, [pairOf("a")]);
    const fetched = { fetchedAt: "2026-02-02T00:00:00.000Z", answerHtml: "<p>same</p>" };
    expect(kinds(state, [pairOf("a", fetched)])).toEqual([]);
  });

  it("leaves pages alone that were not read, unless it is told that these are all", () => {
    const elsewhere = pairOf("b", { source: "https://example.org/other#part" });
    const state = synced(empty, [pairOf("a"), elsewhere]);
    expect(ids(synced(state, [pairOf("a"), pairOf("c")]))).toEqual(["a", "b", "c"]);
    const whole = { review: "none", at, whole: true } as const;
    expect(syncOf(state, [pairOf("a")], whole).changes).toMatchObject([{ id: "b" }]);
    const read = { review: "none", at, pages: ["https://example.org/other"] } as const;
    expect(syncOf(state, [pairOf("a")], read).changes).toMatchObject([
      { id: "b", change: "removed" },
    ]);
  });

  it("makes a changed answer wait where the setting says so, and nothing else", () => {
    const state = synced(empty, [pairOf("a"), pairOf("b"), pairOf("c")]);
    const page = [answered("a", "New."), pairOf("b", { section: "Other" }), pairOf("d")];
    expect(kinds(state, page, "changed")).toEqual([
      ["a", "changed", true],
      ["b", "changed", false],
      ["d", "added", false],
      ["c", "removed", false],
    ]);
    expect(kinds(state, page, "all").every(([, , waits]) => waits)).toBe(true);
  });

  it("forgets what waits when the page takes it back", () => {
    const state = synced(synced(empty, [pairOf("a")]), [answered("a", "New.")], "changed");
    const back = synced(state, [pairOf("a")], "changed");
    expect(waitingEntries(back)).toEqual([]);
    expect(back.entries.get("a")?.did).toBe("withdrawn");
  });

  it.each([
    { had: 10, has: 4, far: true },
    { had: 10, has: 5, far: false },
    { had: 3, has: 1, far: false },
    { had: 3, has: 0, far: true },
  ])("tells of a page that had $had pairs and has $has: $far", ({ had, has, far }) => {
    const pairs = Array.from({ length: had }, (_, n) => pairOf(`p-${n}`));
    const other = pairOf("other", { source: "https://example.org/other" });
    const state = synced(empty, [...pairs, other]);
    const pages = ["https://example.org/faq"];
    const { shrunk } = syncOf(state, [...pairs.slice(0, has), other], {
      review: "none",
      ...{ at, pages },
    });
    expect(shrunk).toEqual(far ? [{ source: pages[0], before: had, after: has }] : []);
  });
});

describe("a review", () => {
  const waiting = () => synced(synced(empty, [pairOf("a")]), [answered("a", "New.")], "changed");

  it("does not ask again for what was rejected, but does for what is new once more", () => {
    const state = waiting();
    const said = applied(state, reviewed(state, ["a"], "rejected", at));
    expect(kinds(said, [answered("a", "New.")], "changed")).toEqual([]);
    expect(kinds(said, [answered("a", "Newer.")], "changed")).toEqual([["a", "changed", true]]);
  });

  it("names the id that nothing waits under", () => {
    expect(() => reviewed(waiting(), ["a", "b"], "approved", at)).toThrow(/under b/);
  });

  it("is not undone by the next sync when an answer was rolled back", () => {
    const state = synced(synced(empty, [pairOf("a")]), [answered("a", "New.")]);
    const past = [...synced(empty, [pairOf("a")]).entries.values(), ...state.entries.values()].map(
      (entry, revision) => ({ ...entry, revision }),
    );
    const back = applied(state, [rolledBack(past, undefined, at)]);
    expect(livePairs(back)[0]?.text).toBe("The answer to a.");
    expect(kinds(back, [answered("a", "New.")])).toEqual([]);
    expect(kinds(back, [answered("a", "Newer.")])).toEqual([["a", "changed", false]]);
  });

  it("finds no version to go back to where there is none", () => {
    const [only] = synced(empty, [pairOf("a")]).entries.values();
    const past = only ? [{ ...only, revision: 1 }] : [];
    expect(() => rolledBack(past, undefined, at)).toThrow(/had one version/);
    expect(() => rolledBack(past, 7, at)).toThrow(/no version 7; it has 1/);
    expect(() => rolledBack([], undefined, at)).toThrow(/no such pair/);
  });
});

describe("whatever a page goes through", () => {
  const page = fc
    .uniqueArray(
      fc.record({ id: fc.constantFrom(..."abcdef"), answer: fc.constantFrom("x", "y") }),
      {
        selector: ({ id }) => id,
      },
    )
    .map((pairs) => pairs.map(({ id, answer }) => answered(id, answer)));
  const contents = (pairs: readonly KeptPair[]) => pairs.map(contentDigest).sort();
  const whole = { at, whole: true } as const;

  it("without review the table says what it says, and a second sync does nothing", () => {
    fc.assert(
      fc.property(fc.array(page, { maxLength: 6 }), (pages) => {
        let state = empty;
        for (const pairs of pages) {
          state = applied(state, syncOf(state, pairs, { ...whole, review: "none" }).entries);
          expect(contents(livePairs(state))).toEqual(contents(pairs));
          expect(syncOf(state, pairs, { ...whole, review: "none" }).entries).toEqual([]);
        }
      }),
    );
  });

  it("with review nothing goes live by itself, and all of it does by approval", () => {
    fc.assert(
      fc.property(fc.array(page, { maxLength: 6 }), (pages) => {
        let state = empty;
        for (const pairs of pages) {
          const before = contents(livePairs(state));
          state = applied(state, syncOf(state, pairs, { ...whole, review: "all" }).entries);
          expect(contents(livePairs(state))).toEqual(before);
          const waiting = waitingEntries(state).map(({ id }) => id);
          state = applied(state, reviewed(state, waiting, "approved", at));
          expect(contents(livePairs(state))).toEqual(contents(pairs));
        }
      }),
    );
  });
});
