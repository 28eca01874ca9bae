import { randomUUID } from "node:crypto";
import type { Event } from "@holdline/events";
import { type KafkaOptions, type KafkaTransport, kafka } from "@holdline/kafka";
import { type Broker, startBroker } from "@holdline/peers";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { arriving } from "./make.ts";

/** A real broker for a test file, started before its first test; a run without one fails and says why. */
export function broker(how: Parameters<typeof startBroker>[1] = {}): { readonly the: Broker } {
  let started: Broker | undefined;
  beforeAll(async () => {
    started = await startBroker((line) => console.log(line), how);
  }, 180_000);
  afterAll(() => started?.close());
  return {
    get the() {
      if (!started) throw new Error("the broker is not up yet");
      return started;
    },
  };
}

/** Options of an installation of its own on a test's broker. */
export const ownPlace = (address: string): KafkaOptions => ({
  brokers: [address],
  prefix: `t${randomUUID().slice(0, 8)}.`,
  partitions: 4,
  replication: 1,
});

/** A transport that is closed with the test. */
export async function openKafka(
  options: KafkaOptions,
  topics: readonly string[],
): Promise<KafkaTransport> {
  const transport = await kafka(options, { topics });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  return transport;
}

/** A text of a conversation, in its place. */
export const said = (key: string, seq: number) =>
  arriving(
    { type: "message.received", version: 1, key, data: { conversationId: key, text: `${seq}` } },
    { position: { stream: `ingest/message/${key}`, seq } },
  );
/** So many texts in each of so many conversations, in turns. */
export const everything = (keys: number, each: number): Event[] =>
  Array.from({ length: keys * each }, (_, n) => said(`c-${n % keys}`, Math.floor(n / keys)));
