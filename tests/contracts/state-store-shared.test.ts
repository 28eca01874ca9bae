import { join } from "node:path";
import { embedded } from "@holdline/embedded";
import { serveStore, sharedStore } from "@holdline/shared-store";
import { describe, onTestFinished } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { stateStoreContract } from "./state-store.ts";

describe("shared store", () =>
  stateStoreContract(async () => {
    const clock = { now: 1_000_000 };
    const folder = ownFolder();
    const machine = await embedded({ folder, now: () => clock.now, outbox: true });
    const path = join(folder, "store.sock");
    const served = await serveStore({ store: machine.store, path, leaseMs: 3_000 });
    const shared = await sharedStore({ path, leaseMs: 3_000 });
    onTestFinished(async () => {
      await shared[Symbol.asyncDispose]();
      await served.close();
      await machine.close();
    });
    return { store: shared.store, clock };
  }));
