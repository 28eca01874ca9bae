import { advanced } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { mine, nothing, type OpenedStore, terms, told, workAt } from "./state-store-given.ts";

/** What a store owes that knows nothing of the transport: a commit it keeps until it is published. */
export function storeOutboxContract(open: () => Promise<OpenedStore> | OpenedStore) {
  describe("outbox", () => {
    it("is handed to whoever claims next, once the lease is over", async ({ skip }) => {
      const { store, clock, noOutbox } = await open();
      if (noOutbox) skip(noOutbox);
      const { token, record } = await mine(store, workAt(0));
      const events = [told(0), told(1)];
      await store.commit(workAt(0), token, {
        ...nothing,
        record: advanced(record, workAt(0).position),
        publish: events,
      });
      expect(await store.claim(workAt(0), terms)).toMatchObject({ claim: "wait", why: "held" });
      clock.now += terms.leaseMs;
      const next = await store.claim(workAt(7, { line: "connect/chat" }), terms);
      expect(next).toMatchObject({ claim: "outbox", events });
    });

    it("outlives a release", async ({ skip }) => {
      const { store, noOutbox } = await open();
      if (noOutbox) skip(noOutbox);
      const { token, record } = await mine(store, workAt(0));
      await store.commit(workAt(0), token, {
        ...nothing,
        record: advanced(record, workAt(0).position),
        publish: [told(0)],
      });
      await store.release(workAt(0), token);
      expect(await store.claim(workAt(0), terms)).toMatchObject({
        claim: "outbox",
        events: [told(0)],
      });
    });

    it("is not cleared by somebody who lost the lease", async ({ skip }) => {
      const { store, clock, noOutbox } = await open();
      if (noOutbox) skip(noOutbox);
      const { token, record } = await mine(store, workAt(0));
      await store.commit(workAt(0), token, {
        ...nothing,
        record: advanced(record, workAt(0).position),
        publish: [told(0)],
      });
      clock.now += terms.leaseMs;
      await store.claim(workAt(0), terms);
      await store.clear(workAt(0), token).catch(() => {});
      clock.now += terms.leaseMs;
      expect(await store.claim(workAt(0), terms)).toMatchObject({ claim: "outbox" });
    });

    it("is gone once cleared, and the event is seen", async ({ skip }) => {
      const { store, clock, noOutbox } = await open();
      if (noOutbox) skip(noOutbox);
      const { token, record } = await mine(store, workAt(0));
      await store.commit(workAt(0), token, {
        ...nothing,
        record: advanced(record, workAt(0).position),
        publish: [told(0)],
      });
      clock.now += terms.leaseMs;
      const found = (await store.claim(workAt(0), terms)) as { token: string };
      await store.clear(workAt(0), found.token);
      expect(await store.claim(workAt(0), terms)).toEqual({ claim: "seen" });
      await mine(store, workAt(1));
    });
  });
}
