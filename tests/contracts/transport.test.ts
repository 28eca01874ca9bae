import { embedded } from "@holdline/embedded";
import { describe, onTestFinished } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { unruly } from "../support/unruly.ts";
import { transportContract } from "./transport.ts";

/** The log of a folder of its own; reopening closes it and opens the folder again. */
async function openLog() {
  const folder = ownFolder();
  let machine = await embedded({ folder });
  onTestFinished(() => machine.close());
  const reopen = async () => {
    await machine.close();
    machine = await embedded({ folder });
    return machine.log;
  };
  return { transport: machine.log, reopen };
}

describe("log transport", () => transportContract(openLog));

describe("unruly log transport", () =>
  transportContract(async () => {
    const { transport } = await openLog();
    return { transport: unruly(transport, () => 0.9) };
  }));
