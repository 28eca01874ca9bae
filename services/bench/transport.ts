import type { Event } from "@holdline/events";
import { kafka } from "@holdline/kafka";
import { type Broker, startBroker } from "@holdline/peers";
import type { Transport } from "@holdline/runtime";
import { bareKafka } from "./bare-kafka.ts";
import { median, overhead } from "./pairs.ts";
import { report } from "./report.ts";
import { stopwatch } from "./stopwatch.ts";

export interface TransportBenchOptions {
  readonly events: number;
  readonly rounds: number;
}

/** Events handed to one `publish`. */
const batch = 100;
const partitions = 4;
const conversations = 500;
/** Both are faster once they have been compiled. */
const warming = 2;

/** One half of a run: how many events a second, and what this process spent on each. */
export interface Pace {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const halves = ["publish", "consume"] as const;
type Run = Readonly<Record<(typeof halves)[number], Pace>>;

/**
 * Our publish and consume against a bare kafkajs loop with the same settings, payloads and batch sizes, on the
 * same broker: interleaved, several rounds, who begins taking turns. Of the figures medians; of what ours takes
 * more than the bare one in the same round the median, and between what half of the rounds are.
 */
export async function runTransportBench({ events: count, rounds }: TransportBenchOptions) {
  const say = (line: string) => console.log(line);
  await using broker = await startBroker(say);
  const contenders = { ours: () => ours(broker, count), bare: () => bare(broker, count) };
  const runs: Record<keyof typeof contenders, Run[]> = { ours: [], bare: [] };
  say(`${count} events, ${warming} rounds before anything counts, then ${rounds}`);
  for (let round = 1 - warming; round <= rounds; round++) {
    const order = round % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    for (const who of order) {
      const run = await contenders[who]();
      const paces = halves.map((half) => `${half} ${rounded(run[half].perSecond)}`).join(", ");
      say(`${round < 1 ? "warming" : `round ${round}`} ${who}: ${paces} a second`);
      if (round >= 1) runs[who].push(run);
    }
  }
  const figures: Record<string, number | string> = {
    broker: broker.version,
    "events of each run": count,
    rounds,
    "bytes of an event": Buffer.byteLength(JSON.stringify(benchEvent(0))),
  };
  for (const half of halves)
    for (const who of ["ours", "bare"] as const) {
      const paces = runs[who].map((run) => run[half]);
      figures[`${half}, ${who}: events a second`] = median(paces.map((one) => one.perSecond));
      figures[`${half}, ${who}: CPU microseconds each`] = median(paces.map((one) => one.cpuMicros));
    }
  const compare = (what: string, cost: (run: Run) => number) => {
    const { median, middle } = overhead(runs.ours.map(cost), runs.bare.map(cost));
    figures[`${what}, %`] = median;
    figures[`${what}, half of the rounds`] = middle.map((one) => one.toFixed(1)).join(" to ");
  };
  for (const half of halves) {
    compare(`${half}: overhead in time`, (run) => 1 / run[half].perSecond);
    compare(`${half}: overhead in CPU`, (run) => run[half].cpuMicros);
  }
  compare("both: overhead in time", (run) => 1 / run.publish.perSecond + 1 / run.consume.perSecond);
  compare("both: overhead in CPU", (run) => run.publish.cpuMicros + run.consume.cpuMicros);
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

async function ours({ address }: Broker, count: number): Promise<Run> {
  const transport = await kafka(
    { brokers: [address], prefix: freshPrefix(), partitions, replication: 1 },
    { topics: ["message", "relay"] },
  );
  try {
    // The producer connects with the first event; the bare one's is connected before the clock starts.
    await transport.publish([{ ...benchEvent(0), type: "relay.sent" }]);
    const publish = await inBatches(count, (some) => transport.publish(some));
    return { publish, consume: await consumedBy(transport, count) };
  } finally {
    await transport[Symbol.asyncDispose]();
  }
}

/** From the first event that comes to the last: joining the group is no part of it. */
async function consumedBy(transport: Transport, count: number): Promise<Pace> {
  const stop = new AbortController();
  const clock = stopwatch(count);
  let heard = 0;
  await transport.consume(
    { name: "bench", topics: ["message"] },
    async () => {
      if (heard === 0) clock.start();
      if (++heard === count) {
        clock.stop();
        stop.abort();
      }
      return { verdict: "ack" };
    },
    stop.signal,
  );
  return clock.pace();
}

async function bare({ address }: Broker, count: number): Promise<Run> {
  const topic = `${freshPrefix()}message`;
  await using loop = await bareKafka(address, topic, partitions);
  const publish = await inBatches(count, loop.publish);
  const clock = stopwatch(count);
  await loop.consume(count, clock);
  return { publish, consume: clock.pace() };
}

/**
 * One after the other: with several under way, kafkajs's idempotent producer loses its numbering at times. Each
 * batch is of events just made, as in a pipeline, which is no part of the time: fifty thousand old ones on the heap
 * would make V8's looking through it the greater part of what is measured.
 */
async function inBatches(
  count: number,
  publish: (batch: readonly Event[]) => Promise<void>,
): Promise<Pace> {
  const clock = stopwatch(count);
  for (let from = 0; from < count; from += batch) {
    const some = Array.from({ length: Math.min(batch, count - from) }, (_, n) =>
      benchEvent(from + n),
    );
    clock.start();
    await publish(some);
    clock.stop();
  }
  return clock.pace();
}

let made = 0;
const freshPrefix = () => `bench${++made}.`;

const rounded = (value: number): string => Math.round(value).toLocaleString("en-US");
