import type { Event } from "@holdline/events";
import { kafka } from "@holdline/kafka";
import { type Broker, startBroker } from "@holdline/peers";
import type { Transport } from "@holdline/runtime";
import { bareKafka } from "./bare-kafka.ts";
import { report } from "./report.ts";

export interface TransportBenchOptions {
  readonly events: number;
  readonly rounds: number;
}

/** Events handed to one `publish`, and how many publishes are under way at once. */
const batch = 100;
const atOnce = 10;
const partitions = 4;
const conversations = 500;

/** One run: how many events a second were published, and then consumed. */
export interface Rates {
  readonly published: number;
  readonly consumed: number;
  /** What this process spent on an event, from before its publishing to after its consumption. */
  readonly cpuMicros: number;
}

type Run = Omit<Rates, "cpuMicros">;

/**
 * Our publish and consume against a bare kafkajs loop with the same settings, payloads and batch sizes, on the
 * same broker: interleaved, several rounds, who begins taking turns. Medians and ratios.
 */
export async function runTransportBench({ events: count, rounds }: TransportBenchOptions) {
  const say = (line: string) => console.log(line);
  await using broker = await startBroker(say);
  const events = Array.from({ length: count }, (_, n) => benchEvent(n));
  const contenders = { ours: () => ours(broker, events), bare: () => bare(broker, events) };
  const runs: Record<keyof typeof contenders, Rates[]> = { ours: [], bare: [] };
  say(`${count} events, twice before anything counts, then ${rounds} rounds`);
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    for (const who of order) {
      const before = process.cpuUsage();
      const run = await contenders[who]();
      const { user, system } = process.cpuUsage(before);
      const rates = { ...run, cpuMicros: (user + system) / count };
      say(
        `${round < 0 ? "warm" : `round ${round + 1}`} ${who}: published ${rounded(rates.published)}, consumed ${rounded(rates.consumed)} a second`,
      );
      if (round >= 0) runs[who].push(rates);
    }
  }
  const figures: Record<string, number | string> = {
    broker: broker.version,
    "events of each run": count,
    rounds,
    "bytes of an event": Buffer.byteLength(JSON.stringify(events[0])),
  };
  for (const what of ["published", "consumed"] as const) {
    const [own, raw] = [runs.ours, runs.bare].map((all) => median(all.map((one) => one[what])));
    figures[`${what} a second, ours`] = own ?? 0;
    figures[`${what} a second, bare kafkajs`] = raw ?? 0;
  }
  const [ownCpu, rawCpu] = [runs.ours, runs.bare].map((all) =>
    median(all.map(({ cpuMicros }) => cpuMicros)),
  );
  figures["CPU microseconds an event, ours"] = ownCpu ?? 0;
  figures["CPU microseconds an event, bare kafkajs"] = rawCpu ?? 0;
  const seconds = ({ published, consumed }: Rates) => 1 / published + 1 / consumed;
  const ratios = (of: (rates: Rates) => number) =>
    median(runs.ours.map((rates, n) => of(rates) / of(runs.bare[n] as Rates)));
  figures["overhead of publishing, %"] = 100 * (1 / ratios(({ published }) => published) - 1);
  figures["overhead of consuming, %"] = 100 * (1 / ratios(({ consumed }) => consumed) - 1);
  figures["overhead of both, %"] = 100 * (ratios(seconds) - 1);
  figures["overhead of both in CPU, %"] = 100 * (ratios(({ cpuMicros }) => cpuMicros) - 1);
  report("transport-kafka", figures);
}

/** An event as a stage says it: some 600 bytes. */
function benchEvent(n: number): Event {
  const key = `c_${String(n % conversations).padStart(30, "0")}`;
  const seq = Math.floor(n / conversations);
  return {
    id: n.toString(16).padStart(32, "0"),
    type: "message.received",
    version: 1,
    key,
    time: "2026-01-01T00:00:00.000Z",
    cause: "0".repeat(32),
    position: { stream: `ingest/message/${key}`, seq },
    heard: { "sms-aws/inbound": seq },
    effects: [],
    replay: false,
    data: {
      conversationId: key,
      channel: "sms-aws",
      business: "+12065550100",
      customer: "+14255550182",
      messageId: `m-${n}`,
      text: "When do you open tomorrow, and may I bring my dog along to the appointment?",
      attachments: [],
    },
  };
}

async function ours({ address }: Broker, events: readonly Event[]): Promise<Run> {
  const transport = await kafka(
    { brokers: [address], prefix: freshPrefix(), partitions, replication: 1 },
    { topics: ["message"] },
  );
  try {
    const published = await timed(events.length, () =>
      inBatches(events, (some) => transport.publish(some)),
    );
    return { published, consumed: await consumedBy(transport, events.length) };
  } finally {
    await transport[Symbol.asyncDispose]();
  }
}

/** From the first event that comes to the last: joining the group is no part of it. */
async function consumedBy(transport: Transport, count: number): Promise<number> {
  const stop = new AbortController();
  let first = 0;
  let last = 0;
  let heard = 0;
  await transport.consume(
    { name: "bench", topics: ["message"] },
    async () => {
      first ||= performance.now();
      if (++heard === count) {
        last = performance.now();
        stop.abort();
      }
      return { verdict: "ack" };
    },
    stop.signal,
  );
  return (count * 1_000) / (last - first);
}

async function bare({ address }: Broker, events: readonly Event[]): Promise<Run> {
  const topic = `${freshPrefix()}message`;
  await using loop = await bareKafka(address, topic, partitions);
  const published = await timed(events.length, () => inBatches(events, loop.publish));
  return { published, consumed: await loop.consume(events.length) };
}

/** Ten batches under way at once, as busy stages have them. */
async function inBatches(
  events: readonly Event[],
  publish: (batch: readonly Event[]) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < events.length) {
      const from = next;
      next += batch;
      await publish(events.slice(from, from + batch));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - started);
}

let made = 0;
const freshPrefix = () => `bench${++made}.`;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number): string => Math.round(value).toLocaleString("en-US");
