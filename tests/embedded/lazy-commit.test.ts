import { embedded } from "@holdline/embedded";
import { advanced, type StateStore } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { ownFolder } from "../support/folder.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("a lazy commit", () => {
  const nothing = { publish: [], delay: [], seen: [], forget: [] };
  const workAt = (key: string, seq: number) => ({
    ...{ stage: "s", key },
    position: { line: "phone/question", seq },
  });

  async function commit(store: StateStore, key: string, seq: number, lazily: boolean) {
    const work = workAt(key, seq);
    const claim = await store.claim(work, { leaseMs: 1_000, gapMs: 0 });
    if (claim.claim !== "mine") throw new Error(`${key} is not next`);
    const record = advanced(claim.record, work.position);
    await store.commit(work, claim.token, { ...nothing, record, lazily });
  }

  it("is known at once, and durable with the next commit of its record", async () => {
    const folder = ownFolder();
    const first = await embedded({ folder });
    await commit(first.store, "c-1", 0, true);
    const known = await first.store.claim(workAt("c-1", 0), { leaseMs: 1_000, gapMs: 0 });
    expect(known).toEqual({ claim: "seen" });
    await commit(first.store, "c-1", 1, false);
    await commit(first.store, "c-2", 0, true);
    await first.close();
    await using second = await embedded({ folder });
    const later = await second.store.claim(workAt("c-1", 0), { leaseMs: 1_000, gapMs: 0 });
    expect(later).toEqual({ claim: "seen" });
  });

  it("never overwrites what is newer", async () => {
    const folder = ownFolder();
    const first = await embedded({ folder });
    await commit(first.store, "c-new", 0, true);
    await Promise.all(upTo(998).map((n) => commit(first.store, `c-${n}`, 0, true)));
    await Promise.all([
      commit(first.store, "c-new", 1, false),
      commit(first.store, "c-last", 0, true),
    ]);
    await first.close();
    await using second = await embedded({ folder });
    const known = await second.store.claim(workAt("c-new", 1), { leaseMs: 1_000, gapMs: 0 });
    expect(known).toEqual({ claim: "seen" });
  });

  it("is written down in the end, with many others", async () => {
    const folder = ownFolder();
    const first = await embedded({ folder });
    await Promise.all(upTo(1_000).map((n) => commit(first.store, `c-${n}`, 0, true)));
    await commit(first.store, "c-0", 1, true);
    await first.close();
    await using second = await embedded({ folder });
    const claims = upTo(1_000).map((n) =>
      second.store.claim(workAt(`c-${n}`, 0), { leaseMs: 1_000, gapMs: 0 }),
    );
    const seen = (await Promise.all(claims)).filter(({ claim }) => claim === "seen");
    expect(seen.length).toBeGreaterThan(990);
  });
});
