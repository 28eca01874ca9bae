import { advanced, retried, type StageRecord, StaleLease } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import {
  type Mine,
  mine,
  nothing,
  type OpenedStore,
  run,
  terms,
  told,
  workAt,
} from "./state-store-given.ts";
import { storeOutboxContract } from "./state-store-outbox.ts";
import { storeShelvesContract } from "./state-store-shelves.ts";

/** The record after one more failed attempt at the first event. */
const failed = (record: StageRecord) =>
  retried(record, workAt(0).position, { counts: true, code: "bug", now: 0 });

/** What every state store owes the runtime. A store is one of ours when this passes. */
export function stateStoreContract(open: () => Promise<OpenedStore> | OpenedStore) {
  describe("claim", () => {
    it("hands over a conversation nobody has met, blank", async () => {
      const { store } = await open();
      expect(await store.claim(workAt(0), terms)).toMatchObject({
        ...{ claim: "mine", attempt: 1, late: false, gap: 0 },
        record: { cursors: {}, outputs: {} },
      });
    });

    it("lets one of two win that claim at once", async () => {
      const { store } = await open();
      const claims = await Promise.all([
        store.claim(workAt(0), terms),
        store.claim(workAt(0), terms),
      ]);
      expect(claims.map(({ claim }) => claim).sort()).toEqual(["mine", "wait"]);
    });

    it("gives a conversation to one holder at a time, whatever the stream", async () => {
      const { store } = await open();
      await mine(store, workAt(0));
      expect(await store.claim(workAt(0, { line: "connect/chat" }), terms)).toMatchObject({
        claim: "wait",
        why: "held",
      });
    });

    it("keeps conversations and stages apart", async () => {
      const { store } = await open();
      await mine(store, workAt(0));
      await mine(store, workAt(0, { key: "c-2" }));
      await mine(store, { ...workAt(0), stage: "outbound-sms" });
    });

    it("hands over what a holder kept too long", async () => {
      const { store, clock } = await open();
      const first = await mine(store, workAt(0));
      clock.now += terms.leaseMs;
      expect((await mine(store, workAt(0))).token).not.toBe(first.token);
    });

    it("knows what was run", async () => {
      const { store } = await open();
      await run(store, workAt(0));
      expect(await store.claim(workAt(0), terms)).toEqual({ claim: "seen" });
    });

    it("returns the record of the last commit", async () => {
      const { store } = await open();
      const { token, record } = await mine(store, workAt(0));
      const next = {
        ...advanced(record, workAt(0).position),
        outputs: { message: 3 },
        state: { version: 2, value: { text: "naïve ✓", list: [1, null] } },
      };
      await store.commit(workAt(0), token, { ...nothing, record: next });
      await store.clear(workAt(0), token);
      expect((await mine(store, workAt(1))).record).toEqual(next);
    });

    it("needs no place for what a door brings in", async () => {
      const { store } = await open();
      const work = { stage: "carrier", key: "c-1" };
      const claim = (await store.claim(work, terms)) as Mine;
      await store.commit(work, claim.token, {
        ...nothing,
        record: { ...claim.record, outputs: { inbound: 1 } },
      });
      await store.clear(work, claim.token);
      expect(await store.claim(work, terms)).toMatchObject({
        claim: "mine",
        record: { outputs: { inbound: 1 } },
      });
    });
  });

  describe("order", () => {
    it("holds an early event back, and says for how long already", async () => {
      const { store, clock } = await open();
      expect(await store.claim(workAt(1), terms)).toEqual({
        claim: "wait",
        why: "early",
        sinceMs: 0,
      });
      clock.now += 1_200;
      expect(await store.claim(workAt(1), terms)).toEqual({
        claim: "wait",
        why: "early",
        sinceMs: 1_200,
      });
    });

    it("does not hold the conversation for an early event", async () => {
      const { store } = await open();
      await store.claim(workAt(1), terms);
      await run(store, workAt(0));
      await run(store, workAt(1));
    });

    it("goes on without a predecessor that does not come, and counts it", async () => {
      const { store, clock } = await open();
      await store.claim(workAt(2), terms);
      clock.now += terms.gapMs;
      expect(await mine(store, workAt(2))).toMatchObject({ gap: 2, late: false });
    });

    it("lets one that was given up on in late, once", async () => {
      const { store, clock } = await open();
      await store.claim(workAt(2), terms);
      clock.now += terms.gapMs;
      await run(store, workAt(2));
      const late = await mine(store, workAt(0));
      expect(late.late).toBe(true);
      const record = advanced(late.record, workAt(0).position);
      await store.commit(workAt(0), late.token, { ...nothing, record });
      await store.clear(workAt(0), late.token);
      expect(await store.claim(workAt(0), terms)).toEqual({ claim: "seen" });
      expect(await mine(store, workAt(1))).toMatchObject({ late: true });
    });

    it("keeps the lines of a conversation apart", async () => {
      const { store } = await open();
      await run(store, workAt(0));
      await run(store, workAt(0, { line: "connect/chat" }));
      expect(await store.claim(workAt(0), terms)).toEqual({ claim: "seen" });
    });
  });

  describe("release", () => {
    it("remembers a failed attempt, and gives the conversation back", async () => {
      const { store } = await open();
      const { token, record } = await mine(store, workAt(0));
      await store.release(workAt(0), token, failed(record));
      expect((await mine(store, workAt(0))).attempt).toBe(2);
    });

    it("changes nothing when there is nothing to remember", async () => {
      const { store } = await open();
      await store.release(workAt(0), (await mine(store, workAt(0))).token);
      expect((await mine(store, workAt(0))).attempt).toBe(1);
    });

    it("begins the wait of those behind anew: what was met is not missing", async () => {
      const { store, clock } = await open();
      await store.claim(workAt(1), terms);
      clock.now += terms.gapMs - 1;
      const { token, record } = await mine(store, workAt(0));
      await store.release(workAt(0), token, failed(record));
      clock.now += terms.gapMs - 1;
      expect(await store.claim(workAt(1), terms)).toMatchObject({ claim: "wait", why: "early" });
    });

    it("changes nothing with an old token", async () => {
      const { store, clock } = await open();
      const zombie = await mine(store, workAt(0));
      clock.now += terms.leaseMs;
      await mine(store, workAt(0));
      await store.release(workAt(0), zombie.token, failed(zombie.record)).catch(() => {});
      expect(await store.claim(workAt(0), terms)).toMatchObject({ claim: "wait", why: "held" });
      clock.now += terms.leaseMs;
      expect((await mine(store, workAt(0))).attempt).toBe(1);
    });
  });

  describe("commit", () => {
    it("refuses an old token, and changes nothing", async () => {
      const { store, clock } = await open();
      const zombie = await mine(store, workAt(0));
      clock.now += terms.leaseMs;
      const holder = await mine(store, workAt(0));
      await expect(
        store.commit(workAt(0), zombie.token, {
          ...nothing,
          record: { ...advanced(zombie.record, workAt(0).position), outputs: { stale: 1 } },
          seen: ["stale"],
        }),
      ).rejects.toBeInstanceOf(StaleLease);
      expect(await store.isSeen("stale")).toBe(false);
      await store.commit(workAt(0), holder.token, {
        ...nothing,
        record: advanced(holder.record, workAt(0).position),
      });
      await store.clear(workAt(0), holder.token);
      expect((await mine(store, workAt(1))).record.outputs).toEqual({});
    });

    it("refuses a token nobody ever had", async () => {
      const { store } = await open();
      const record = { cursors: {}, outputs: {} };
      await expect(
        store.commit(workAt(0), "made-up", { ...nothing, record }),
      ).rejects.toBeInstanceOf(StaleLease);
    });

    it("is done once a lease: a decision that stands is not replaced", async () => {
      const { store } = await open();
      const { token, record } = await mine(store, workAt(0));
      const moved = advanced(record, workAt(0).position);
      await store.commit(workAt(0), token, { ...nothing, record: moved, publish: [told(0)] });
      const again = { ...nothing, record: { ...moved, outputs: { other: 9 } }, publish: [told(1)] };
      await expect(store.commit(workAt(0), token, again)).rejects.toBeInstanceOf(StaleLease);
      await store.clear(workAt(0), token);
      expect((await mine(store, workAt(1))).record.outputs).toEqual({});
    });

    it("does not let somebody else claim and commit while it is being written", async () => {
      const { store, clock } = await open();
      const { token, record } = await mine(store, workAt(0));
      const decision = { ...nothing, record: advanced(record, workAt(0).position) };
      const committing = store.commit(workAt(0), token, decision).then(
        () => 1,
        () => 0,
      );
      clock.now += terms.leaseMs;
      const rival = await store.claim(workAt(0), terms);
      const second =
        rival.claim === "mine"
          ? await store.commit(workAt(0), rival.token, decision).then(
              () => 1,
              () => 0,
            )
          : 0;
      expect((await committing) + second).toBe(1);
    });

    it("remembers the ids a door let in", async () => {
      const { store } = await open();
      expect(await store.isSeen("carrier/SM1")).toBe(false);
      await run(store, workAt(0), { seen: ["carrier/SM1"] });
      expect(await store.isSeen("carrier/SM1")).toBe(true);
    });
  });

  describe("peek", () => {
    it("is blank for a conversation nobody has met, and leaves nothing", async () => {
      const { store } = await open();
      expect(await store.peek(workAt(0))).toEqual({ cursors: {}, outputs: {} });
      expect((await mine(store, workAt(0))).record).toEqual({ cursors: {}, outputs: {} });
    });

    it("answers the last commit while the next event is in hand, and takes nothing from who has it", async () => {
      const { store } = await open();
      const first = await mine(store, workAt(0));
      const said = { ...advanced(first.record, workAt(0).position), outputs: { message: 1 } };
      const state = { version: 1, value: { text: "naïve ✓" } };
      const one = { ...said, state };
      await store.commit(workAt(0), first.token, { ...nothing, record: one });
      await store.clear(workAt(0), first.token);
      const { token } = await mine(store, workAt(1));
      expect(await store.peek(workAt(1))).toEqual(one);
      const two = { ...advanced(one, workAt(1).position), outputs: { message: 2 } };
      await store.commit(workAt(1), token, { ...nothing, record: two, publish: [told(1)] });
      expect(await store.peek(workAt(1))).toEqual(two);
      await store.clear(workAt(1), token);
      expect((await mine(store, workAt(2))).record).toEqual(two);
    });
  });

  storeOutboxContract(open);
  storeShelvesContract(open);
}
