import { leases } from "@holdline/dynamodb";
import { describe, expect, it } from "vitest";
import { ownTable } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";

const aws = emulator();

async function two() {
  const place = await ownTable(aws.the);
  const clock = { now: 1_000_000 };
  const one = () => leases({ ...place, leaseMs: 1_000, now: () => clock.now });
  return { clock, left: one(), right: one() };
}

describe("a lease", () => {
  it("is one process's alone, which may renew it", async () => {
    const { clock, left, right } = await two();
    const won = await Promise.all([left.hold("chat-1"), right.hold("chat-1")]);
    expect(won.filter(Boolean)).toHaveLength(1);
    const [holder, other] = won[0] ? [left, right] : [right, left];
    clock.now += 900;
    expect(await holder.hold("chat-1")).toBe(true);
    clock.now += 900;
    expect(await other.hold("chat-1")).toBe(false);
  });

  it("is taken over when it is over, and the old holder is told", async () => {
    const { clock, left, right } = await two();
    await left.hold("chat-1");
    clock.now += 1_000;
    expect(await right.hold("chat-1")).toBe(true);
    expect(await left.hold("chat-1")).toBe(false);
  });

  it("is free at once when it is given back, and only by who has it", async () => {
    const { left, right } = await two();
    await left.hold("chat-1");
    await right.release("chat-1");
    expect(await right.hold("chat-1")).toBe(false);
    await left.release("chat-1");
    expect(await right.hold("chat-1")).toBe(true);
  });
});
