import { leases } from "@holdline/dynamodb";
import { describe, expect, it } from "vitest";
import { ownTable } from "../support/aws.ts";
import { emulator } from "../support/emulator.ts";

const aws = emulator();

async function two() {
  const place = await ownTable(aws.the);
  const clock = { now: 1_000_000 };
  const one = () => leases({ ...place, leaseMs: 2_000, now: () => clock.now });
  const [left, right] = [one(), one()];
  await left.beat();
  await right.beat();
  return { clock, left, right };
}

describe("a lease", () => {
  it("is one process's alone, as long as it says that it lives", async () => {
    const { clock, left, right } = await two();
    const won = await Promise.all([left.hold("chat-1"), right.hold("chat-1")]);
    expect(won.filter(Boolean)).toHaveLength(1);
    const [holder, other] = won[0] ? [left, right] : [right, left];
    for (let beats = 0; beats < 5; beats++) {
      clock.now += 1_000;
      expect(await holder.beat()).toBe(false);
      expect(await other.beat()).toBe(false);
      expect(await holder.hold("chat-1")).toBe(true);
      expect(await other.hold("chat-1")).toBe(false);
    }
  });

  it("is taken over from one that went silent, which then knows that it is not its own", async () => {
    const { clock, left, right } = await two();
    await left.hold("chat-1");
    clock.now += 1_000;
    await right.beat();
    expect(await right.hold("chat-1")).toBe(false);
    clock.now += 1_000;
    expect(await right.beat()).toBe(true);
    expect(await left.hold("chat-1")).toBe(false);
    expect(await right.hold("chat-1")).toBe(true);
    await left.beat();
    expect(await left.hold("chat-1")).toBe(false);
    expect(await right.hold("chat-1")).toBe(true);
  });

  it("is not taken from one that came since the others looked", async () => {
    const place = await ownTable(aws.the);
    const now = () => 1_000_000;
    const early = leases({ ...place, leaseMs: 2_000, now });
    await early.beat();
    const late = leases({ ...place, leaseMs: 2_000, now });
    await late.beat();
    expect(await late.hold("chat-1")).toBe(true);
    expect(await early.hold("chat-1")).toBe(false);
  });

  it("is free at once when it is given back, and only by who has it", async () => {
    const { left, right } = await two();
    await left.hold("chat-1");
    await right.release("chat-1");
    expect(await right.hold("chat-1")).toBe(false);
    await left.release("chat-1");
    expect(await right.hold("chat-1")).toBe(true);
  });

  it("is free when its holder has said good-bye", async () => {
    const { left, right } = await two();
    await left.hold("chat-1");
    await left.leave();
    expect(await right.beat()).toBe(true);
    expect(await right.hold("chat-1")).toBe(true);
    expect(await left.hold("chat-2")).toBe(false);
  });
});
