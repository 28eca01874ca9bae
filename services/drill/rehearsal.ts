import { setTimeout as sleep } from "node:timers/promises";
import { type DeskContact, type PhoneText, simClient } from "../cli/sim-client.ts";
import { count, type Tally } from "./count.ts";
import { play, script } from "./customers.ts";

export interface RehearsalOptions {
  /** Where the stand-in for AWS is: the carrier and the contact centre. */
  readonly awsUrl: string;
  readonly conversations: number;
  /** How many of them are under way at once; all of them where it is not said. */
  readonly atOnce?: number;
  /** How long all of it may take. */
  readonly withinMs: number;
  readonly say: (line: string) => void;
  /** What goes wrong meanwhile, until `signal` aborts; it notes each kill (epoch ms). */
  readonly meanwhile?: (around: Meanwhile) => Promise<void>;
}

export interface Meanwhile {
  readonly signal: AbortSignal;
  readonly killedAt: number[];
  /** How many conversations have come to their end. */
  readonly finished: () => number;
  /** How much of what customers have to say they have said, 0–1. */
  readonly said: () => number;
}

/**
 * Waits until a pipeline has lived long enough to be killed the n-th time, counted from 0: between `livesMs` and three
 * times as long, or less where the traffic would be over before all kills were.
 */
export async function untilKill(
  nth: number,
  { kills, livesMs }: { readonly kills: number; readonly livesMs: number },
  { said, signal }: Pick<Meanwhile, "said" | "signal">,
): Promise<void> {
  const end = performance.now() + livesMs * (1 + 2 * Math.random());
  while (performance.now() < end && said() < (nth + 1) / (kills + 1))
    await sleep(20, undefined, { signal });
}

/** Plays many conversations at once, customers and agents, and counts what came out wrong. */
export async function rehearse({
  awsUrl,
  conversations,
  atOnce = conversations,
  withinMs,
  say,
  meanwhile = async () => {},
}: RehearsalOptions): Promise<{ readonly tally: Tally; readonly killed: number }> {
  const sim = simClient(awsUrl);
  const scripts = Array.from({ length: conversations }, (_, n) => script(n));
  const agents = Array.from({ length: Math.ceil(conversations / 50) }, (_, n) => `agent-${n}`);
  const chats = new Map<string, string>();
  const over = new AbortController();
  const stop = AbortSignal.any([AbortSignal.timeout(withinMs), over.signal]);
  const killedAt: number[] = [];
  let finished = 0;
  let said = 0;
  const toSay = scripts.reduce(
    (sum, { questions, toAgent }) => sum + 1 + questions.length + toAgent.length,
    0,
  );
  const counting: typeof sim = {
    ...sim,
    async text(...text) {
      const answer = await sim.text(...text);
      said++;
      return answer;
    },
  };
  const calling = [...scripts];
  const customers = Array.from({ length: Math.min(atOnce, conversations) }, async () => {
    // Customers do not call all in the same second.
    await sleep(Math.random() * Math.min(30_000, atOnce * 30), undefined, { signal: stop });
    for (let next = calling.shift(); next; next = calling.shift()) {
      await play(next, counting, { withAgent: (phone) => chats.get(phone) }, stop);
      finished++;
    }
  });
  const background = [
    watch(),
    staff(),
    meanwhile({ signal: stop, killedAt, finished: () => finished, said: () => said / toSay }),
  ];
  await Promise.allSettled(customers);
  over.abort();
  await Promise.allSettled(background);
  if (finished < conversations)
    say(`${conversations - finished} conversations did not come to their end`);
  const { texts, desks } = await settled();
  return { tally: count(scripts, texts, desks, killedAt), killed: killedAt.length };

  /** What both sides have seen, once nothing is missing any more, or nothing new comes. */
  async function settled() {
    for (let before = -1, tries = 0; ; tries++) {
      const texts = new Map<string, readonly PhoneText[]>();
      for (const { phone } of scripts) texts.set(phone, await sim.texts(phone));
      const desks: DeskContact[] = (await Promise.all(agents.map((name) => sim.desk(name)))).flat();
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
}

/** Prints what a drill came to; the program exits 1 when anything was lost, doubled, swapped or strayed. */
export function tell({ tally, what }: { readonly tally: Tally; readonly what: string }): void {
  const { conversations, texts, lost, doubled, swapped, strayed } = tally;
  console.log(
    `${conversations} conversations, ${texts} texts, ${what}: ` +
      `lost ${lost} / doubled ${doubled} / swapped ${swapped} / strayed ${strayed}`,
  );
  for (const swap of tally.swaps.slice(0, 10)) console.log(`  ${swap}`);
  if (lost + doubled + swapped + strayed > 0) process.exitCode = 1;
}
