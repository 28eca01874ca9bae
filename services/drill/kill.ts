import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tally } from "./count.ts";
import { drillFaq } from "./customers.ts";
import { killDrillOnKafka } from "./kill-kafka.ts";
import { ownProgram, pairEnvironment } from "./processes.ts";
import { rehearse, tell, untilKill } from "./rehearsal.ts";

export interface KillDrillOptions {
  readonly conversations: number;
  readonly kills: number;
  /** Called with a line of progress. */
  readonly say?: (line: string) => void;
  /** How long all of it may take. */
  readonly withinMs?: number;
  /** The least time a pipeline lives before it is killed, where there is traffic enough; at most three times as long. */
  readonly livesMs?: number;
}

/** What was counted, where the logs are, and how often the pipeline was in fact killed. */
export interface Drilled {
  readonly tally: Tally;
  readonly folder: string;
  readonly seconds: number;
  readonly killed: number;
  /** What else was killed, in words. */
  readonly besides?: string;
}

/** Prints what a drill came to; exits 1 when anything was lost, doubled, swapped or strayed. */
export async function runKillDrill({
  transport,
  ...options
}: KillDrillOptions & { readonly transport: "log" | "kafka" }): Promise<void> {
  const drill = transport === "kafka" ? killDrillOnKafka : killDrill;
  const {
    tally,
    folder,
    seconds,
    killed,
    besides = "",
  } = await drill({
    say: (line) => console.log(line),
    ...options,
  });
  tell({ tally, what: `killed ${killed} times${besides}, ${seconds.toFixed(0)} s` });
  if (killed < options.kills) {
    console.log(
      `The traffic was over before the ${options.kills} kills were: give it more conversations.`,
    );
    process.exitCode = 1;
  }
  console.log(
    `${tally.resent} sent again because a kill fell between the carrier's acceptance and our record`,
  );
  console.log(`Data and logs are in ${folder}.`);
}

/**
 * Kills the pipeline with `kill -9` in the middle of many conversations, again and again, and counts
 * what came out wrong. The stand-in for AWS beside it stays up: it is the carrier and the contact centre.
 */
export async function killDrill({
  conversations,
  kills,
  say = () => {},
  withinMs = 600_000,
  livesMs = 6_000,
}: KillDrillOptions): Promise<Drilled> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-drill-"));
  const faq = join(folder, "faq.ndjson");
  writeFileSync(faq, drillFaq.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  const env = await pairEnvironment(folder);
  const started = performance.now();
  const aws = ownProgram(["simulator", "--faq", faq], env, join(folder, "simulator.log"));
  await aws.ready;
  const pipeline = () => ownProgram(["serve"], env, join(folder, "serve.log"));
  let serving = pipeline();
  await serving.ready;
  say(`up; ${conversations} customers call, ${kills} kills follow`);

  const { tally, killed } = await rehearse({
    ...{ conversations, withinMs, say, awsUrl: env.AWS_ENDPOINT_URL },
    async meanwhile({ killedAt, finished, ...traffic }) {
      while (killedAt.length < kills) {
        await untilKill(killedAt.length, { kills, livesMs }, traffic);
        await serving.kill();
        killedAt.push(Date.now());
        serving = pipeline();
        await serving.ready;
        say(
          `killed ${killedAt.length} of ${kills} times; ${finished()} of ${conversations} conversations done`,
        );
      }
    },
  });
  await serving.stop();
  await aws.stop();
  const seconds = (performance.now() - started) / 1000;
  return { tally, folder, seconds, killed };
}
