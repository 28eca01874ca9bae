import { statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { embedded } from "@holdline/embedded";
import { serveStore, sharedStore } from "@holdline/shared-store";
import { describe, expect, it, onTestFinished } from "vitest";
import { holders } from "../../packages/shared-store/holders.ts";
import { mine, nothing, told, workAt } from "../contracts/state-store-given.ts";
import { ownFolder } from "../support/folder.ts";

const leaseMs = 3_000;

/** A folder, and how to serve it and to reach it. */
function machine() {
  const folder = ownFolder();
  const path = join(folder, "store.sock");
  return {
    path,
    async serve() {
      const opened = await embedded({ folder, outbox: true });
      const served = await serveStore({ store: opened.store, path, leaseMs });
      let up = true;
      const stop = async () => {
        if (!up) return;
        up = false;
        await served.close();
        await opened.close();
      };
      onTestFinished(stop);
      return { served, stop };
    },
    async reach() {
      const shared = await sharedStore({ path, leaseMs });
      onTestFinished(() => shared[Symbol.asyncDispose]());
      return shared;
    },
  };
}

describe("a store shared by processes", () => {
  it("gives a conversation to one of them", async () => {
    const { serve, reach } = machine();
    await serve();
    const [one, other] = await Promise.all([reach(), reach()]);
    const { token } = await mine(one.store, workAt(0));
    expect(await other.store.claim(workAt(0), { leaseMs, gapMs: 0 })).toMatchObject({
      claim: "wait",
      why: "held",
    });
    await expect(other.store.commit(workAt(0), `${token}0`, commit())).rejects.toMatchObject({
      name: "StaleLease",
    });
  });

  it("keeps an outbox when the serving process begins anew, and no lease", async () => {
    const { serve, reach } = machine();
    const { stop } = await serve();
    const { store } = await reach();
    const { token, record } = await mine(store, workAt(0));
    await store.commit(workAt(0), token, { ...nothing, record, publish: [told(0)] });
    await stop();
    await serve();
    // The one from before the restart is worth nothing, however the new ones are counted.
    await store.clear(workAt(0), token);
    expect(await store.claim(workAt(0), { leaseMs, gapMs: 0 })).toMatchObject({
      claim: "outbox",
      events: [told(0)],
    });
  });

  it("does not take a lease of before for one of now", async () => {
    const { serve, reach } = machine();
    const { stop } = await serve();
    const { store } = await reach();
    const { token: before } = await mine(store, workAt(0));
    await stop();
    await serve();
    await mine(store, workAt(0));
    await expect(store.commit(workAt(0), before, commit())).rejects.toMatchObject({
      name: "StaleLease",
    });
  });

  it("rejects what is asked when the connection breaks, and goes on afterwards", async () => {
    const { serve, reach } = machine();
    const { stop } = await serve();
    const { store } = await reach();
    const asked = Promise.all(Array.from({ length: 50 }, (_, n) => store.keep(`a/${n}`, "x")));
    const outcome = asked.then(
      () => "kept",
      (error: Error) => error.message,
    );
    await stop();
    expect(["kept", "the connection to the store broke"]).toContain(await outcome);
    await serve();
    await store.keep("b", "y");
    expect(await store.kept("b")).toBe("y");
  });

  it("cuts off who speaks nonsense, and serves the others", async () => {
    const { serve, reach, path } = machine();
    const { served } = await serve();
    const { store } = await reach();
    const stranger = connect(path);
    const cut = new Promise((resolve) => stranger.once("close", resolve));
    stranger.on("error", () => {});
    stranger.write("GET / HTTP/1.1\r\n\r\n");
    await cut;
    await store.keep("a", "x");
    expect(served.processes).toBe(1);
  });

  it("is for the owner of the folder alone", async () => {
    const { serve, path } = machine();
    await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("says what is missing where nobody serves it", async () => {
    const path = join(ownFolder(), "store.sock");
    await expect(sharedStore({ path, leaseMs, patienceMs: 100 })).rejects.toThrow(/holdline store/);
  });
});

describe("names held", () => {
  it("are one process's, until it is gone", async () => {
    const { serve, reach } = machine();
    await serve();
    const [one, other] = await Promise.all([reach(), reach()]);
    expect(await one.hold("doors")).toBe(true);
    expect(await one.hold("doors")).toBe(true);
    expect(await other.hold("doors")).toBe(false);
    await other.beat();
    await one[Symbol.asyncDispose]();
    // The socket closes with the process, and the others are told at their next beat.
    while (!(await other.beat())) await sleep(10);
    expect(await other.hold("doors")).toBe(true);
  });

  it("are free again when the serving process begins anew", async () => {
    const { serve, reach } = machine();
    const { stop } = await serve();
    const [one, other] = await Promise.all([reach(), reach()]);
    await one.hold("doors");
    await stop();
    await serve();
    expect(await other.beat()).toBe(true);
    expect(await other.hold("doors")).toBe(true);
    await one.beat();
    expect(await one.hold("doors")).toBe(false);
  });

  it("are lost by who says nothing, and known to be by who says something again", () => {
    const clock = { now: 0 };
    const held = holders<string>(1_000, () => clock.now);
    expect(held.beat("a")).toBe(true);
    held.beat("b");
    expect(held.hold("x", "a")).toBe(true);
    clock.now = 900;
    expect(held.beat("b")).toBe(false);
    expect(held.hold("x", "b")).toBe(false);
    clock.now = 1_000;
    expect(held.hold("x", "a")).toBe(false);
    expect(held.beat("b")).toBe(true);
    expect(held.hold("x", "b")).toBe(true);
    expect(held.beat("a")).toBe(true);
    expect(held.hold("x", "a")).toBe(false);
  });

  it("that are offered stay their holder's until another one takes them, and says it has them in use", () => {
    const held = holders<string>(1_000, () => 0);
    held.beat("a");
    held.hold("x", "a");
    expect(held.offer("a")).toBe(false);
    held.beat("b");
    expect(held.offer("a")).toBe(true);
    expect(held.hold("x", "a")).toBe(true);
    expect(held.hold("y", "a")).toBe(false);
    expect(held.beat("b")).toBe(true);
    expect(held.hold("x", "b")).toBe(true);
    expect(held.taken(["x"], "a")).toEqual([]);
    held.ready("x", "b");
    expect(held.taken(["x", "y"], "a")).toEqual(["x"]);
    expect(held.taken(["x"], "b")).toEqual([]);
  });

  it("are given back by name", () => {
    const held = holders<string>(1_000, () => 0);
    held.beat("a");
    held.beat("b");
    held.hold("x", "a");
    held.letGo("x", "b");
    expect(held.hold("x", "b")).toBe(false);
    held.letGo("x", "a");
    expect(held.hold("x", "b")).toBe(true);
  });
});

const commit = () => ({ ...nothing, record: { cursors: {}, outputs: {} } });
