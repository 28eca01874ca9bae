import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exportArchive, gather, verifyArchive } from "@holdline/archive";
import type { KafkaTransport, TimeRange } from "@holdline/kafka";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, it, onTestFinished } from "vitest";
import { ownFolder } from "../support/folder.ts";
import { broker, openKafka, ownPlace } from "../support/kafka.ts";
import { arriving } from "../support/make.ts";

const up = broker();

const said = (key: string, seq: number, text = `${seq}`) =>
  arriving(
    { type: "message.received", version: 1, key, data: { conversationId: key, text } },
    { position: { stream: `ingest/message/${key}`, seq } },
  );
const seqs = (key: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => said(key, from + n));

async function read(transport: KafkaTransport, range: TimeRange = {}, topics = ["message"]) {
  const found: { key: string; position: { seq: number } }[] = [];
  const left: number[] = [];
  for await (const page of transport.read(topics, range)) {
    found.push(...page.bodies.map((body) => JSON.parse(body)));
    left.push(page.left);
  }
  return {
    seqs: (key: string) =>
      found.filter((one) => one.key === key).map(({ position: { seq } }) => seq),
    left,
  };
}

describe("a history on Kafka", () => {
  it("is read whole, each partition in its order, and says how much is left", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    await transport.publish(["a", "b", "c", "d"].flatMap((key) => seqs(key, 0, 50)));
    const found = await read(transport);
    for (const key of ["a", "b", "c", "d"])
      expect(found.seqs(key)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(found.left.at(-1)).toBe(0);
  });

  it("is read from one time to another", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    await transport.publish(seqs("a", 0, 3));
    await sleep(50);
    const since = Date.now();
    await sleep(50);
    await transport.publish(seqs("a", 3, 6));
    await sleep(50);
    const until = Date.now();
    await sleep(50);
    await transport.publish(seqs("a", 6, 9));
    expect((await read(transport, { since, until })).seqs("a")).toEqual([3, 4, 5]);
    expect((await read(transport, { since })).seqs("a")).toEqual([3, 4, 5, 6, 7, 8]);
    expect((await read(transport, { until })).seqs("a")).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await read(transport, { since: Date.now() + 1_000 })).seqs("a")).toEqual([]);
  });

  it("is read of one conversation's partition alone, with the place of each event", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    await transport.publish(["a", "b", "c", "d", "e"].flatMap((key) => seqs(key, 0, 4)));
    const keys = new Set<string>();
    const places: number[] = [];
    for await (const { topic, bodies, offsets } of transport.read(["message"], { key: "a" })) {
      expect(topic).toBe("message");
      for (const body of bodies) keys.add(JSON.parse(body).key);
      places.push(...offsets);
    }
    expect(keys).toContain("a");
    expect(keys.size).toBeLessThan(5);
    expect(places).toEqual(places.map((_, n) => n));
    expect(await transport.settled({ name: "nobody", topics: ["message"] }, "a")).toEqual({
      message: 0,
    });
  });

  it("is followed until that is enough", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message", "reply"]);
    await transport.publish(seqs("a", 0, 2));
    const stop = new AbortController();
    const found: number[] = [];
    const following = (async () => {
      const range = { follow: stop.signal };
      for await (const { bodies } of transport.read(["message", "reply"], range)) {
        for (const body of bodies) found.push(JSON.parse(body).position.seq);
        // What comes while it follows, one after the other.
        if (found.length < 6) await transport.publish(seqs("a", found.length, found.length + 1));
        else stop.abort();
      }
    })();
    await following;
    expect(found).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("can be left in the middle", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    await transport.publish(["a", "b", "c", "d"].flatMap((key) => seqs(key, 0, 20)));
    let pages = 0;
    for await (const _ of transport.read(["message"], {})) {
      pages++;
      break;
    }
    expect(pages).toBe(1);
  });

  it("is nothing where nothing was ever said, and asks for no topic", async () => {
    const transport = await openKafka(ownPlace(up.the.address), []);
    expect((await read(transport, {}, ["message", "reply"])).left).toEqual([]);
  });

  it("is an archive in which what was published twice is once", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    await transport.publish(seqs("a", 0, 5));
    // An outbox whose clearing was lost.
    await transport.publish(seqs("a", 3, 5));
    await transport.publish(seqs("a", 5, 8));
    const folder = ownFolder();
    const file = join(folder, "a.ndjson.zst");
    using history = await gather(transport.read(["message"], {}), join(folder, "scratch"));
    expect(history.doubled).toBe(2);
    await exportArchive(history, file);
    expect(await verifyArchive(file)).toMatchObject({ events: 8, faults: [] });
  });

  it("waits for a slow reader, and leaves no group behind", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    for (let n = 0; n < 8; n++)
      await transport.publish([
        said("a", n, "x".repeat(150_000)),
        said("b", n, "x".repeat(150_000)),
      ]);
    const found: number[] = [];
    for await (const { bodies } of transport.read(["message"], {})) {
      found.push(bodies.length);
      await sleep(30);
    }
    expect(found.reduce((sum, n) => sum + n)).toBe(16);
    const admin = new Kafka({ brokers: [up.the.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const { groups } = await admin.listGroups();
    expect(groups.filter(({ groupId }) => groupId.startsWith(options.prefix ?? "?"))).toEqual([]);
  });
});
