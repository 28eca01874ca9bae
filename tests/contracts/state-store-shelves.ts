import { ReminderDue } from "@holdline/events";
import { type Delayed, StaleLease } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { mine, type OpenedStore, run, terms, workAt } from "./state-store-given.ts";

const parties = {
  conversationId: "c-1",
  channel: "sms",
  business: "+12065550100",
  customer: "+12065550111",
};

const delayed = (id: string, due: string): Delayed => ({
  ...{ id, due, producer: "classify", cause: "e-1", heard: { "ingest/message": 1 } },
  draft: ReminderDue({ ...parties, about: "idle-close", token: id }),
  effects: [{ name: "look", outcome: { found: true } }],
});

/** What a store keeps beside its records: marks of effects, delayed drafts, quotas, small values. */
export function storeShelvesContract(open: () => Promise<OpenedStore> | OpenedStore) {
  describe("marks of effects", () => {
    it("are none at first, then begun, then done with an outcome", async () => {
      const { store, clock } = await open();
      const { token: lease } = await mine(store, workAt(0));
      expect(await store.mark("t")).toBeUndefined();
      await store.begin(workAt(0), lease, "t", 1);
      expect(await store.mark("t")).toEqual({ begunAt: clock.now, times: 1 });
      await store.done(workAt(0), lease, "t", { carrierId: "SM1" });
      expect(await store.mark("t")).toEqual({ outcome: { carrierId: "SM1" } });
    });

    it("are taken back by beginning for the 0th time", async () => {
      const { store } = await open();
      const { token: lease } = await mine(store, workAt(0));
      await store.begin(workAt(0), lease, "t", 1);
      await store.begin(workAt(0), lease, "t", 0);
      expect(await store.mark("t")).toBeUndefined();
    });

    it("remember an effect that answered nothing", async () => {
      const { store } = await open();
      const { token: lease } = await mine(store, workAt(0));
      await store.done(workAt(0), lease, "t", undefined);
      expect(await store.mark("t")).toEqual({ outcome: null });
    });

    it("survive the release of the lease", async () => {
      const { store } = await open();
      const { token: lease } = await mine(store, workAt(0));
      await store.done(workAt(0), lease, "t", 7);
      await store.release(workAt(0), lease);
      expect(await store.mark("t")).toEqual({ outcome: 7 });
    });

    it("go when a commit forgets them, and only those it names", async () => {
      const { store } = await open();
      const { token: lease, record } = await mine(store, workAt(0));
      await store.done(workAt(0), lease, "t-1", 1);
      await store.done(workAt(0), lease, "t-2", 2);
      await store.commit(workAt(0), lease, {
        record,
        publish: [],
        delay: [],
        seen: [],
        forget: ["t-1", "t-9"],
      });
      expect(await store.mark("t-1")).toBeUndefined();
      expect(await store.mark("t-2")).toEqual({ outcome: 2 });
    });

    it("are not to be had for an old lease", async () => {
      const { store, clock } = await open();
      const { token: zombie } = await mine(store, workAt(0));
      clock.now += 1_000;
      await mine(store, workAt(0));
      await expect(store.begin(workAt(0), zombie, "t", 1)).rejects.toBeInstanceOf(StaleLease);
      await expect(store.done(workAt(0), zombie, "t", 1)).rejects.toBeInstanceOf(StaleLease);
      expect(await store.mark("t")).toBeUndefined();
    });
  });

  describe("what is remembered of a conversation", () => {
    const stages = ["classify", "outbound-sms"];

    it("is nothing at first", async () => {
      const { store } = await open();
      const blank = { cursors: {}, heldUntil: null };
      expect(await store.remembered("c-1", stages)).toEqual({
        ...{ stages: { classify: blank, "outbound-sms": blank }, begun: [], delayed: [] },
      });
    });

    it("is how far each stage came, and until when it has it in hand; nothing of another conversation", async () => {
      const { store, clock } = await open();
      await run(store, workAt(0));
      await run(store, workAt(0, { key: "c-2" }));
      await mine(store, workAt(1));
      const { stages: told } = await store.remembered("c-1", stages);
      expect(told.classify).toMatchObject({
        cursors: { "ingest/message": { next: 1 } },
        heldUntil: clock.now + terms.leaseMs,
      });
      expect(told["outbound-sms"]).toEqual({ cursors: {}, heldUntil: null });
      clock.now += terms.leaseMs;
      expect((await store.remembered("c-1", stages)).stages.classify?.heldUntil).toBeNull();
    });

    it("is what is to be said later in it, the soonest first", async () => {
      const { store } = await open();
      const [soon, late] = [
        delayed("b", "2026-01-01T00:00:01.000Z"),
        delayed("a", "2026-01-01T00:00:02.000Z"),
      ];
      const other = { ...delayed("c", soon.due), draft: { ...soon.draft, key: "c-2" } };
      await run(store, workAt(0), { delay: [late, soon, other] });
      expect((await store.remembered("c-1", stages)).delayed).toEqual([soon, late]);
    });

    it("are the effects that were begun, until it is known what came of them", async ({ skip }) => {
      const { store, clock, noList } = await open();
      if (noList) skip(noList);
      const { token: lease } = await mine(store, workAt(0));
      await store.begin(workAt(0), lease, "classify/e-1/ask", 2);
      const begun = [{ token: "classify/e-1/ask", begunAt: clock.now, times: 2 }];
      expect((await store.remembered("c-1", stages)).begun).toEqual(begun);
      await store.done(workAt(0), lease, "classify/e-1/ask", "an answer");
      expect((await store.remembered("c-1", stages)).begun).toEqual([]);
    });
  });

  describe("delayed drafts", () => {
    const early = "2026-01-01T00:00:01.000Z";
    const later = "2026-01-01T00:00:02.000Z";
    const last = "2026-01-01T00:00:03.000Z";

    it("come when they are due and not before, oldest first, whole", async () => {
      const { store } = await open();
      await run(store, workAt(0), {
        delay: [delayed("b", later), delayed("a", early), delayed("c", last)],
      });
      expect(await store.due("2026-01-01T00:00:00.999Z", 10)).toEqual([]);
      expect(await store.due(later, 10)).toEqual([delayed("a", early), delayed("b", later)]);
    });

    it("come as many at a time as asked for", async () => {
      const { store } = await open();
      await run(store, workAt(0), { delay: [delayed("b", later), delayed("a", early)] });
      expect((await store.due(last, 1)).map(({ id }) => id)).toEqual(["a"]);
    });

    it("come again until they are dropped", async () => {
      const { store } = await open();
      await run(store, workAt(0), { delay: [delayed("a", early)] });
      expect(await store.due(last, 10)).toHaveLength(1);
      await store.dropDelayed("a");
      await store.dropDelayed("a");
      expect(await store.due(last, 10)).toEqual([]);
    });
  });

  describe("quotas", () => {
    const limit = { name: "sms/+12065550100", perSecond: 2, burst: 2 };

    it("let a burst through, then tell how long to wait, and refill", async () => {
      const { store, clock } = await open();
      expect(await store.take(limit, 1, 1)).toBe(0);
      expect(await store.take(limit, 1, 1)).toBe(0);
      const waitMs = await store.take(limit, 1, 1);
      expect(waitMs).toBe(500);
      clock.now += waitMs;
      expect(await store.take(limit, 1, 1)).toBe(0);
    });

    it("let whoever waits with a better priority go first", async () => {
      const { store, clock } = await open();
      await store.take(limit, 2, 1);
      expect(await store.take(limit, 1, 0)).toBeGreaterThan(0);
      clock.now += 500;
      expect(await store.take(limit, 1, 3)).toBeGreaterThan(0);
      expect(await store.take(limit, 1, 0)).toBe(0);
    });

    it("do not wait for ever for somebody who never came back", async () => {
      const { store, clock } = await open();
      await store.take(limit, 2, 1);
      await store.take(limit, 1, 0);
      clock.now += 60_000;
      expect(await store.take(limit, 1, 3)).toBe(0);
    });

    it("let through what is larger than the bucket, and make the next wait for it", async () => {
      const { store } = await open();
      expect(await store.take(limit, 6, 1)).toBe(0);
      expect(await store.take(limit, 1, 1)).toBeGreaterThanOrEqual(2_000);
    });

    it("are one for each name", async () => {
      const { store } = await open();
      await store.take(limit, 2, 1);
      expect(await store.take({ ...limit, name: "other" }, 1, 1)).toBe(0);
    });
  });

  describe("kept values", () => {
    it("are there until forgotten, the last one put", async () => {
      const { store } = await open();
      expect(await store.kept("contact/1")).toBeUndefined();
      await store.keep("contact/1", "one");
      await store.keep("contact/1", "two ✓");
      expect(await store.kept("contact/1")).toBe("two ✓");
      await store.forget("contact/1");
      await store.forget("contact/1");
      expect(await store.kept("contact/1")).toBeUndefined();
    });

    it("are listed by the beginning of their name, in order", async () => {
      const { store } = await open();
      for (const name of ["contact/2", "contact/1", "contacts", "b", "contact/%"])
        await store.keep(name, name);
      const names = ["contact/%", "contact/1", "contact/2"];
      expect(await store.keptUnder("contact/")).toEqual(
        names.map((name) => ({ name, value: name })),
      );
      expect(await store.keptUnder("nobody/")).toEqual([]);
    });
  });
}
