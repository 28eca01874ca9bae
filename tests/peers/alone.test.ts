import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { alone } from "../../packages/peers/alone.ts";
import { ownFolder } from "../support/folder.ts";

describe("a step that is done alone", () => {
  it("is never begun while somebody else is at it", async () => {
    const place = join(ownFolder(), "place");
    let atIt = 0;
    const most: number[] = [];
    const step = async () => {
      most.push(++atIt);
      await sleep(20);
      atIt--;
    };
    await Promise.all([alone(place, step), alone(place, step), alone(place, step)]);
    expect(most).toEqual([1, 1, 1]);
    expect(existsSync(`${place}.lock`)).toBe(false);
  });

  it("lets the next one go when it fails", async () => {
    const place = join(ownFolder(), "place");
    await expect(alone(place, () => Promise.reject(new Error("no network")))).rejects.toThrow();
    expect(await alone(place, async () => "done")).toBe("done");
  });

  it("does not wait for a process that died at it", async () => {
    const place = join(ownFolder(), "place");
    // Larger than any process id there can be (Linux: 2^22).
    writeFileSync(`${place}.lock`, "999999999");
    expect(await alone(place, async () => "done")).toBe("done");
  });
});
