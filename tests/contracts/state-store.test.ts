import { embedded } from "@holdline/embedded";
import { describe, onTestFinished } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { memoryStore } from "../support/memory-store.ts";
import { stateStoreContract } from "./state-store.ts";

describe("memory store", () =>
  stateStoreContract(() => {
    const clock = { now: 1_000_000 };
    return { store: memoryStore(() => clock.now), clock };
  }));

describe("embedded store", () =>
  stateStoreContract(async () => {
    const clock = { now: 1_000_000 };
    const machine = await embedded({ folder: ownFolder(), now: () => clock.now });
    onTestFinished(() => machine.close());
    const noOutbox = "a commit of this store publishes by itself, in the same transaction";
    return { store: machine.store, clock, noOutbox };
  }));

describe("embedded store with an outbox", () =>
  stateStoreContract(async () => {
    const clock = { now: 1_000_000 };
    const machine = await embedded({ folder: ownFolder(), now: () => clock.now, outbox: true });
    onTestFinished(() => machine.close());
    return { store: machine.store, clock };
  }));
