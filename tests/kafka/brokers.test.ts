import { setTimeout as sleep } from "node:timers/promises";
import { KafkaOptions, kafka } from "@holdline/kafka";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, it, onTestFinished } from "vitest";
import { broker, openKafka, ownPlace } from "../support/kafka.ts";
import { arriving } from "../support/make.ts";

const up = broker();

const said = (key: string, seq: number, text = `${seq}`) =>
  arriving(
    { type: "message.received", version: 1, key, data: { conversationId: key, text } },
    { position: { stream: `ingest/message/${key}`, seq } },
  );

/** kafkajs itself, to look at what ours made. */
async function bare() {
  const client = new Kafka({ brokers: [up.the.address], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  return { client, admin };
}

async function readAll(
  transport: Awaited<ReturnType<typeof openKafka>>,
  enough: number,
): Promise<unknown[]> {
  const delivered: unknown[] = [];
  const stop = new AbortController();
  await transport.consume(
    { name: "reader", topics: ["message"] },
    async (raw) => {
      delivered.push(raw);
      if (delivered.length >= enough) stop.abort();
      return { verdict: "ack" };
    },
    stop.signal,
  );
  return delivered;
}

describe("Kafka topics", () => {
  it("are made with the settings a history needs", async () => {
    const options = ownPlace(up.the.address);
    await openKafka({ ...options, retentionDays: 2 }, ["message"]);
    const { admin } = await bare();
    const topic = `${options.prefix}message`;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic }],
    });
    const config = new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(config.get("retention.ms")).toBe("172800000");
    expect(config.get("cleanup.policy")).toBe("delete");
    expect(config.get("min.insync.replicas")).toBe("1");
    expect(config.get("message.timestamp.type")).toBe("LogAppendTime");
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]?.partitions).toHaveLength(4);
  });

  it("with fewer partitions than the settings say are refused by name", async () => {
    const options = ownPlace(up.the.address);
    await openKafka(options, ["message"]);
    await expect(kafka({ ...options, partitions: 8 }, { topics: ["message"] })).rejects.toThrow(
      /message has 4 partitions, the settings say 8/,
    );
  });

  it("keep a conversation in its partition when the broker is given more of them", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    const keys = Array.from({ length: 40 }, (_, n) => `c-${n}`);
    await transport.publish(keys.map((key) => said(key, 0)));
    const { admin } = await bare();
    const topic = `${options.prefix}message`;
    await admin.createPartitions({ topicPartitions: [{ topic, count: 9 }] });
    await sleep(500);
    const later = await openKafka(options, ["message"]);
    await later.publish(keys.map((key) => said(key, 1)));
    const offsets = await admin.fetchTopicOffsets(topic);
    const used = offsets.filter(({ high }) => Number(high) > 0).map(({ partition }) => partition);
    expect(Math.max(...used)).toBeLessThan(4);
  });
});

describe("Kafka transport", () => {
  it("hands on what it can't read, and goes on", async () => {
    const options = ownPlace(up.the.address);
    const transport = await openKafka(options, ["message"]);
    const { client } = await bare();
    const producer = client.producer();
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const messages = ["not JSON {", "null", "[]", ""].map((value) => ({ key: "c-1", value }));
    await producer.send({ topic: `${options.prefix}message`, messages });
    await transport.publish([said("c-1", 0)]);
    const delivered = await readAll(transport, 5);
    expect(delivered).toHaveLength(5);
    expect(delivered).toContainEqual(said("c-1", 0));
    expect(delivered).toContain("not JSON {");
  });

  it("refuses an event no batch can hold, by its type, and takes the others", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    const large = transport.publish([said("c-1", 0, "x".repeat(900_000))]);
    await Promise.all([
      expect(large).rejects.toThrow(/message.received has 900\d+ bytes/),
      transport.publish([said("c-2", 0)]),
    ]);
    expect(await readAll(transport, 1)).toEqual([said("c-2", 0)]);
  });

  it("sends more than one request may hold as several", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    const events = Array.from({ length: 12 }, (_, n) => said("c-1", n, "ü".repeat(90_000)));
    await transport.publish(events);
    expect(await readAll(transport, 12)).toEqual(events);
  });

  it("tells how far each group is behind", async () => {
    const transport = await openKafka(ownPlace(up.the.address), ["message"]);
    await transport.publish([said("a", 0), said("b", 0), said("c", 0)]);
    const behind = async () =>
      (await transport.lag([{ name: "reader", topics: ["message"] }])).map(({ events }) => events);
    expect(await behind()).toEqual([3]);
    await readAll(transport, 3);
    expect(await behind()).toEqual([0]);
  });

  it("says which broker can't be reached", async () => {
    const troubles: string[] = [];
    const nowhere = kafka(
      { brokers: ["127.0.0.1:1"], connectAttempts: 2 },
      { topics: ["message"], trouble: ({ what }) => troubles.push(what) },
    );
    await expect(nowhere).rejects.toThrow(/127\.0\.0\.1:1/);
    expect(troubles.length).toBeGreaterThan(0);
  });

  it("refuses settings it can't use", () => {
    expect(() => KafkaOptions.parse({ brokers: ["kafka"] })).toThrow(/host:port/);
    expect(() => KafkaOptions.parse({ brokers: ["a:1"], sasl: { mechanism: "gssapi" } })).toThrow();
    expect(() => KafkaOptions.parse({ brokers: ["a:1"], partitoins: 3 })).toThrow();
  });
});
