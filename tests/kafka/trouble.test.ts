import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Event } from "@holdline/events";
import type { KafkaOptions, KafkaTransport } from "@holdline/kafka";
import { describe, expect, it, onTestFinished } from "vitest";
import { broker, everything, openKafka, ownPlace } from "../support/kafka.ts";

const up = broker();

interface Member {
  /** `key seq`, in the order they were delivered. */
  readonly heard: string[];
  readonly child: ChildProcess;
}

/** A member of the group in a process of its own. */
async function member({ brokers, prefix = "" }: KafkaOptions, slowMs = 0): Promise<Member> {
  const program = fileURLToPath(new URL("./consuming-program.ts", import.meta.url));
  const child = spawn(process.execPath, [program, brokers[0] ?? "", prefix, String(slowMs)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const heard: string[] = [];
  let rest = "";
  const isUp = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) line === "up" ? resolve() : heard.push(line);
    });
  });
  await isUp;
  return { heard, child };
}

const until = async (done: () => boolean) => {
  for (const end = Date.now() + 60_000; !done(); await sleep(50))
    if (Date.now() > end) throw new Error("it did not come to that within a minute");
};

/** First time each event was heard, in order, whoever heard it. */
const firsts = (lines: readonly string[]) => [...new Set(lines)];
const inOrder = (lines: readonly string[]) => {
  const last = new Map<string, number>();
  return firsts(lines).every((line) => {
    const [key = "", seq] = line.split(" ");
    const before = last.get(key) ?? -1;
    last.set(key, Number(seq));
    return Number(seq) === before + 1;
  });
};

async function publishSlowly(transport: KafkaTransport, events: readonly Event[], everyMs: number) {
  for (let from = 0; from < events.length; from += 20) {
    await transport.publish(events.slice(from, from + 20));
    await sleep(everyMs);
  }
}

describe("Kafka, when something breaks", () => {
  it("loses nothing and keeps order when a consumer is killed in the middle of a batch", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    await transport.publish(everything(10, 100));
    const first = await member(options, 20);
    await until(() => first.heard.length > 600);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const second = await member(options);
    const all = () => [...first.heard, ...second.heard];
    await until(() => firsts(all()).length === 1_000);
    expect(inOrder(all())).toBe(true);
    expect(second.heard.length).toBeLessThan(1_000);
  }, 120_000);

  it("loses nothing when members join and leave under load", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    const publishing = publishSlowly(transport, everything(20, 60), 100);
    const first = await member(options, 2);
    await until(() => first.heard.length > 100);
    const second = await member(options, 2);
    await until(() => second.heard.length > 100);
    first.child.kill("SIGTERM");
    await once(first.child, "exit");
    await publishing;
    await until(() => firsts([...first.heard, ...second.heard]).length === 1_200);
    // Each process hears a conversation in order; a rebalance may repeat what was not committed.
    expect(inOrder(first.heard)).toBe(true);
    expect(inOrder([...firsts(first.heard), ...second.heard])).toBe(true);
  }, 120_000);

  it("loses nothing when the broker is killed and started again in the middle of traffic", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    const reader = await member(options);
    const events = everything(10, 60);
    const publishing = publishSlowly(transport, events, 100);
    await until(() => reader.heard.length > 50);
    await up.the.restart("kill");
    await publishing;
    await until(() => firsts(reader.heard).length === 600);
    expect(inOrder(reader.heard)).toBe(true);
  }, 180_000);
});
