import { countCapacity, dynamoStore } from "@holdline/dynamodb";
import { advanced, DeadLetter, StaleLease } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { mine, nothing, run, terms, told, workAt } from "../contracts/state-store-given.ts";
import { ownTable } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";

const aws = emulator();
const place = () => ownTable(aws.the);

describe("the DynamoDB store, shared by many", () => {
  it("gives a conversation to one of many that claim it at once", async () => {
    const shared = await place();
    const stores = Array.from({ length: 20 }, () => dynamoStore(shared));
    const claims = await Promise.all(stores.map((store) => store.claim(workAt(0), terms)));
    expect(claims.filter(({ claim }) => claim === "mine")).toHaveLength(1);
    expect(claims.filter(({ claim }) => claim === "wait")).toHaveLength(19);
  });

  it("runs each event once, whoever is brought it, in whatever order, twice", async () => {
    const shared = await place();
    const ran: number[] = [];
    const events = Array.from({ length: 12 }, (_, n) => n);
    const brought = [...events, ...events].sort((a, b) => ((a * 7) % 5) - ((b * 7) % 5));
    const member = async (seqs: number[]) => {
      const store = dynamoStore(shared);
      for (let seq = seqs.shift(); seq !== undefined; seq = seqs.shift()) {
        const claim = await store.claim(workAt(seq), { leaseMs: 60_000, gapMs: 60_000 });
        if (claim.claim === "wait") seqs.push(seq);
        if (claim.claim !== "mine") continue;
        ran.push(seq);
        const record = advanced(claim.record, workAt(seq).position);
        await store.commit(workAt(seq), claim.token, { ...nothing, record, publish: [told(seq)] });
        await store.clear(workAt(seq), claim.token);
      }
    };
    await Promise.all(Array.from({ length: 4 }, () => member(brought)));
    expect(ran).toEqual(events);
  });

  it("lets a quota through once for all of them", async () => {
    const shared = await place();
    const clock = () => 1_000_000;
    const stores = Array.from({ length: 10 }, () => dynamoStore({ ...shared, now: clock }));
    const limit = { name: "sms/+12065550100", perSecond: 1, burst: 4 };
    const waits = await Promise.all(stores.map((store) => store.take(limit, 1, 1)));
    expect(waits.filter((wait) => wait === 0).length).toBeLessThanOrEqual(4);
    expect(waits.filter((wait) => wait === 0).length).toBeGreaterThan(0);
  });

  it("refuses a commit with marks and drafts as a whole when the lease is gone", async () => {
    const shared = await place();
    const clock = { now: 1_000_000 };
    const store = dynamoStore({ ...shared, now: () => clock.now });
    const { token, record } = await mine(store, workAt(0));
    clock.now += terms.leaseMs;
    await mine(store, workAt(0));
    const late = store.commit(workAt(0), token, { ...nothing, record, seen: ["SM1"] });
    await expect(late).rejects.toBeInstanceOf(StaleLease);
    expect(await store.isSeen("SM1")).toBe(false);
  });

  it("gives up on what no item can hold, and keeps the conversation usable", async () => {
    const store = dynamoStore(await place());
    const { token, record } = await mine(store, workAt(0));
    const state = { version: 1, value: "x".repeat(390_000) };
    const huge = store.commit(workAt(0), token, { ...nothing, record: { ...record, state } });
    await expect(huge).rejects.toBeInstanceOf(DeadLetter);
    await store.commit(workAt(0), token, { ...nothing, record });
  });

  it("forgets doors' ids and marks by their time, however late DynamoDB deletes them", async () => {
    const shared = await place();
    const clock = { now: 1_000_000 };
    const store = dynamoStore({
      ...shared,
      now: () => clock.now,
      seenForMs: 1_000,
      marksForMs: 1_000,
    });
    const { token } = await mine(store, workAt(0));
    await store.done(workAt(0), token, "t", 1);
    await store.release(workAt(0), token);
    await run(store, workAt(0), { seen: ["SM1"] });
    clock.now += 5_000;
    expect(await store.isSeen("SM1")).toBe(false);
    expect(await store.mark("t")).toBeUndefined();
  });

  it("writes once for a claim, once for a commit that says nothing, and counts what it consumes", async () => {
    const shared = await place();
    const counted = countCapacity(shared.client);
    const store = dynamoStore(shared);
    await run(store, workAt(0));
    expect(counted()).toMatchObject({ UpdateItem: { requests: 2 } });
    expect(counted().UpdateItem?.units).toBeGreaterThan(0);
  });
});
