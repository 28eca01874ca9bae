import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "@holdline/peers";
import { freePorts } from "../free-ports.ts";
import { drillFaq } from "./customers.ts";
import type { Drilled, KillDrillOptions } from "./kill.ts";
import { ownProgram, type Program, pairEnvironment } from "./processes.ts";
import { rehearse, untilKill } from "./rehearsal.ts";

/** Processes that each run the whole pipeline over Kafka. */
const members = 2;

/**
 * The kill drill over a real Kafka broker: two processes with all parts, a store process that they share. One
 * of the two is killed with `kill -9` again and again; once the broker is, and once the store.
 */
export async function killDrillOnKafka({
  conversations,
  kills,
  say = () => {},
  withinMs = 900_000,
  livesMs = 6_000,
}: KillDrillOptions): Promise<Drilled> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-drill-"));
  const faq = join(folder, "faq.ndjson");
  writeFileSync(faq, drillFaq.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  await using broker = await startBroker(say);
  const config = join(folder, "holdline.config.json");
  const kafka = { brokers: [broker.address], partitions: 4, replication: 1 };
  writeFileSync(config, JSON.stringify({ kafka }));
  const pair = await pairEnvironment(folder);
  const env = { ...pair, HOLDLINE_CONFIG: config };
  const started = performance.now();
  await using programs = new AsyncDisposableStack();
  const aws = ownProgram(["simulator", "--faq", faq], env, join(folder, "simulator.log"));
  programs.defer(() => aws.stop());
  await aws.ready;
  const store = () => ownProgram(["store"], env, join(folder, "store.log"));
  let storing = store();
  programs.defer(() => storing.stop());
  await storing.ready;
  const ports = await freePorts(members);
  const serve = (n: number): Program => {
    const own = { ...env, HOLDLINE_OPS_PORT: `${ports[n]}` };
    return ownProgram(["serve", "--transport", "kafka"], own, join(folder, `serve-${n}.log`));
  };
  const serving = ports.map((_, n) => serve(n));
  programs.defer(async () => void (await Promise.all(serving.map((one) => one.stop()))));
  await Promise.all(serving.map(({ ready }) => ready));
  say(
    `up; ${conversations} customers call, ${kills} kills follow, one more of the broker and of the store`,
  );

  let consumers = 0;
  const besides: string[] = [];
  const { tally } = await rehearse({
    ...{ conversations, withinMs, say, awsUrl: env.AWS_ENDPOINT_URL },
    async meanwhile({ killedAt, finished, ...traffic }) {
      for (let n = 0; n < kills; n++) {
        await untilKill(n, { kills, livesMs }, traffic);
        const victim = n % members;
        await serving[victim]?.kill();
        killedAt.push(Date.now());
        consumers++;
        const done = `${finished()} of ${conversations} conversations done`;
        say(`a consumer killed, ${n + 1} of ${kills} times; ${done}`);
        if (n === Math.floor(kills / 3)) {
          await broker.restart("kill");
          besides.push(", the broker once");
          say("the broker killed, and started again");
        }
        if (n === Math.floor((2 * kills) / 3)) {
          await storing.kill();
          killedAt.push(Date.now());
          storing = store();
          await storing.ready;
          besides.push(", the store once");
          say("the store killed, and started again");
        }
        const next = serve(victim);
        serving[victim] = next;
        await next.ready;
      }
    },
  });
  return {
    tally,
    folder,
    seconds: (performance.now() - started) / 1000,
    killed: consumers,
    besides: besides.join(""),
  };
}
