import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "@holdline/events";
import type { Deliver } from "@holdline/runtime";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { describe, expect, it, onTestFinished } from "vitest";
import { broker, everything, openKafka, ownPlace } from "../support/kafka.ts";

const up = broker({ withSecond: true });

/** What a group was handed, by conversation, each event the first time it came. */
function listener() {
  const heard = new Map<string, number[]>();
  let events = 0;
  const hear = (raw: unknown) => {
    const { key, position } = raw as Event;
    const seqs = heard.get(key) ?? [];
    heard.set(key, seqs);
    if (seqs.includes(position.seq)) return;
    seqs.push(position.seq);
    events++;
  };
  return {
    hear,
    get events() {
      return events;
    },
    inOrder: () => [...heard.values()].every((seqs) => seqs.every((seq, nth) => seq === nth)),
  };
}

const until = async (what: string, done: () => boolean | Promise<boolean>) => {
  for (const end = Date.now() + 90_000; !(await done()); await sleep(50))
    if (Date.now() > end) throw new Error(`it did not come to that: ${what}`);
};

async function adminOf(address: string): Promise<Admin> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  await until(
    "two brokers in the cluster",
    async () => (await admin.describeCluster()).brokers.length === 2,
  );
  return admin;
}

/** The broker that coordinates a group: the leader of the group's partition of the offsets (`GroupMetadataManager`). */
async function coordinatorOf(admin: Admin, groupId: string): Promise<number> {
  const topic = "__consumer_offsets";
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  let hash = 0;
  for (const letter of groupId) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  const mine = (hash & 0x7fffffff) % partitions.length;
  return partitions.find(({ partitionId }) => partitionId === mine)?.leader ?? -1;
}

/** An installation whose group `reader` the second broker coordinates, while the first has the topic. */
async function coordinatedBySecond(admin: Admin) {
  // Asking for a group makes the brokers' topic of offsets.
  const asked = () => admin.fetchOffsets({ groupId: "nobody", topics: [] });
  await until("the brokers' topic of offsets", () =>
    asked().then(
      () => true,
      () => false,
    ),
  );
  for (;;) {
    const options = { ...ownPlace(up.the.address), connectAttempts: 60 };
    if ((await coordinatorOf(admin, `${options.prefix}reader`)) !== 2) continue;
    const replicaAssignment = [0, 1, 2, 3].map((partition) => ({ partition, replicas: [1] }));
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic: `${options.prefix}message`, replicaAssignment }],
    });
    return options;
  }
}

describe("two groups on the same topics", () => {
  it("each get everything in order; one that is stuck, or told to wait, does not hold up the other", async () => {
    await adminOf(up.the.address);
    // So few in hand that what is stuck is paused as well.
    const options = { ...ownPlace(up.the.address), inHand: 20, atOnce: 4 };
    const transport = await openKafka(options, ["message"]);
    await transport.publish(everything(20, 30));
    const stop = new AbortController();
    const [stuck, quick] = [listener(), listener()];
    const open = Promise.withResolvers<void>();
    let isOpen = false;
    let refused = 0;
    const stuckly: Deliver = async (raw) => {
      if (!isOpen && (raw as Event).key === "c-0") {
        refused++;
        return { verdict: "retry", afterMs: 10 };
      }
      await open.promise;
      stuck.hear(raw);
      return { verdict: "ack" };
    };
    const quickly: Deliver = async (raw) => {
      quick.hear(raw);
      return { verdict: "ack" };
    };
    const topics = ["message"];
    const consuming = [
      transport.consume({ name: "stuck", topics }, stuckly, stop.signal),
      transport.consume({ name: "quick", topics }, quickly, stop.signal),
    ];
    await until("one retried again and again", () => refused > 5);
    await until("the other one's everything", () => quick.events === 600);
    await transport.publish(everything(20, 40).slice(600));
    await until("and what comes after it", () => quick.events === 800);
    const behind = async () => {
      const groups = ["stuck", "quick"].map((name) => ({ name, topics }));
      return (await transport.lag(groups)).map(({ events }) => events);
    };
    await until("its places committed", async () => (await behind())[1] === 0);
    expect(await behind()).toEqual([800, 0]);
    expect(stuck.events).toBe(0);

    isOpen = true;
    open.resolve();
    await until("the stuck one's everything", () => stuck.events === 800);
    stop.abort();
    await Promise.all(consuming);
    expect([stuck.inOrder(), quick.inOrder()]).toEqual([true, true]);
    expect([stuck.events, quick.events]).toEqual([800, 800]);
  }, 120_000);
});

describe("a group whose coordinator is lost for good", () => {
  it("finds the next one and goes on in order: nothing is lost, and places are committed there", async () => {
    const admin = await adminOf(up.the.address);
    const options = await coordinatedBySecond(admin);
    const transport = await openKafka(options, ["message"]);
    const reader = listener();
    const stop = new AbortController();
    const consuming = transport.consume(
      { name: "reader", topics: ["message"] },
      async (raw) => {
        reader.hear(raw);
        return { verdict: "ack" };
      },
      stop.signal,
    );
    const events = everything(10, 60);
    await transport.publish(events.slice(0, 200));
    await until("the first events", () => reader.events === 200);
    await up.the.killSecond();
    for (let from = 200; from < events.length; from += 20) {
      await transport.publish(events.slice(from, from + 20));
      await sleep(50);
    }
    await until("all events", () => reader.events === 600);
    await until("another coordinator", async () => {
      return (await coordinatorOf(admin, `${options.prefix}reader`)) === 1;
    });
    await until("places committed there", async () => {
      const [lag] = await transport.lag([{ name: "reader", topics: ["message"] }]);
      return lag?.events === 0;
    });
    expect(reader.inOrder()).toBe(true);
    stop.abort();
    await consuming;
  }, 180_000);
});
