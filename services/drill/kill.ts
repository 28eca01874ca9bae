import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type PhoneText, simClient } from "../cli/sim-client.ts";
import { count, type Tally } from "./count.ts";
import { drillFaq, play, script } from "./customers.ts";
import { ownProgram, pairEnvironment } from "./processes.ts";

export interface KillDrillOptions {
  readonly conversations: number;
  readonly kills: number;
  /** Called with a line of progress. */
  readonly say?: (line: string) => void;
  /** How long all of it may take. */
  readonly withinMs?: number;
  /** The least time a pipeline lives before it is killed; at most three times as long. */
  readonly livesMs?: number;
}

/** What was counted, where the logs are, and how often the pipeline was in fact killed. */
export interface Drilled {
  readonly tally: Tally;
  readonly folder: string;
  readonly seconds: number;
  readonly killed: number;
}

/** Prints what a drill came to; exits 1 when anything was lost, doubled, swapped or strayed. */
export async function runKillDrill(options: KillDrillOptions): Promise<void> {
  const { tally, folder, seconds, killed } = await killDrill({
    say: (line) => console.log(line),
    ...options,
  });
  const { conversations, texts, lost, doubled, swapped, strayed, resent } = tally;
  console.log(
    `${conversations} conversations, ${texts} texts, killed ${killed} times, ${seconds.toFixed(0)} s: ` +
      `lost ${lost} / doubled ${doubled} / swapped ${swapped} / strayed ${strayed}` +
      ` (and ${resent} sent again because a kill fell between the carrier's acceptance and our record)`,
  );
  console.log(`Data and logs are in ${folder}.`);
  if (lost + doubled + swapped + strayed > 0) process.exitCode = 1;
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

  const sim = simClient(env.AWS_ENDPOINT_URL);
  const scripts = Array.from({ length: conversations }, (_, n) => script(n));
  const giveUp = AbortSignal.timeout(withinMs);
  const agents = Array.from({ length: Math.ceil(conversations / 50) }, (_, n) => `agent-${n}`);
  const chats = new Map<string, string>();
  const over = new AbortController();
  const stop = AbortSignal.any([giveUp, over.signal]);
  let finished = 0;
  const killedAt: number[] = [];
  const customers = scripts.map(async (one) => {
    // Customers do not call all in the same second.
    await sleep(Math.random() * Math.min(30_000, conversations * 30), undefined, { signal: stop });
    await play(one, sim, { withAgent: (phone) => chats.get(phone) }, stop);
    finished++;
  });
  const background = [watch(), staff(), killing()];
  const outcome = await Promise.allSettled(customers);
  over.abort();
  await Promise.allSettled(background);
  const stuck = outcome.filter(({ status }) => status === "rejected").length;
  if (stuck > 0) say(`${stuck} conversations did not come to their end`);

  const { texts, desks } = await settled();
  await serving.stop();
  await aws.stop();
  const seconds = (performance.now() - started) / 1000;
  return {
    tally: count(scripts, texts, desks, killedAt),
    folder,
    seconds,
    killed: killedAt.length,
  };

  /** What both sides have seen, once nothing is missing any more, or nothing new comes. */
  async function settled() {
    for (let before = -1, tries = 0; ; tries++) {
      const texts = new Map<string, readonly PhoneText[]>();
      for (const { phone } of scripts) texts.set(phone, await sim.texts(phone));
      const desks = (await Promise.all(agents.map((name) => sim.desk(name)))).flat();
      const { lost } = count(scripts, texts, desks, killedAt);
      if (lost === 0 || (lost === before && tries > 5)) return { texts, desks };
      before = lost;
      await sleep(5_000);
    }
  }

  /** Reads who has an agent, for all customers at once. */
  async function watch() {
    while (!stop.aborted) {
      for (const name of agents)
        for (const { contactId, customer, state } of await sim.desk(name))
          if (state === "connected") chats.set(customer, contactId);
      await sleep(1_000, undefined, { signal: stop });
    }
  }

  /** Agents come in one after the other, so that many chats wait with the bot meanwhile. */
  async function staff() {
    for (const name of agents) {
      await sleep(1_500, undefined, { signal: stop });
      await sim.agent(name, "available", 50);
    }
  }

  async function killing() {
    while (killedAt.length < kills) {
      await sleep(livesMs * (1 + 2 * Math.random()), undefined, { signal: stop });
      await serving.kill();
      killedAt.push(Date.now());
      serving = pipeline();
      await serving.ready;
      say(
        `killed ${killedAt.length} of ${kills} times; ${finished} of ${conversations} conversations done`,
      );
    }
  }
}
