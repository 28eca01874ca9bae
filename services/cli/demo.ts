import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment } from "../environment.ts";
import { standardLog } from "../log.ts";
import { start } from "../start.ts";
import { type DeskContact, type SimClient, simClient } from "./sim-client.ts";

/**
 * Plays the whole story against a pipeline and a stand-in of its own and prints what both sides see.
 *
 * It fails at the first step that did not happen. Its data are kept where `HOLDLINE_DATA` says; without
 * it, in a new folder of their own. Ports are free ones unless they are named.
 */
export async function runDemo(on: string): Promise<void> {
  const place = places[on];
  if (!place) throw new Error(`--on is ${Object.keys(places).join(" or ")}, not ${on}`);
  const folder = process.env.HOLDLINE_DATA || mkdtempSync(join(tmpdir(), "holdline-demo-"));
  const running = await place(folder);
  const told = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => told.abort());
  try {
    const sim = simClient(running.awsUrl);
    await story(scene(sim, await unusedPhone(sim), told.signal));
    console.log(`\nEvery step happened. The history is in ${folder}.`);
    for (const line of (await running.came?.()) ?? []) console.log(line);
  } finally {
    await running.close();
  }
}

interface Played {
  readonly awsUrl: string;
  /** What it came to, where that is counted. */
  readonly came?: () => Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Where the story can be played. */
const places: Readonly<Record<string, (folder: string) => Promise<Played>>> = {
  "one-machine": (folder) => {
    const env = environment({
      HOLDLINE_PORT: "0",
      HOLDLINE_OPS_PORT: "0",
      ...process.env,
      HOLDLINE_DATA: folder,
    });
    return start(env, undefined, standardLog(env.HOLDLINE_LOG));
  },
  "aws-emulated": async (folder) => {
    const { onAws } = await import("../aws-emulated/index.ts");
    const { accountLines } = await import("../aws-emulated/account.ts");
    const aws = await onAws({ folder, say: (line) => console.log(line) });
    return { ...aws, came: async () => accountLines(await aws.account(), 1) };
  },
};

/** One customer, one agent, and a way to wait for what they see. */
interface Scene {
  readonly sim: SimClient;
  readonly phone: string;
  title(words: string): void;
  /** Waits for the phone to receive a text that fits, printing all that come. */
  receives(what: string, fits: RegExp): Promise<string>;
  texts(words: string): Promise<void>;
  /** Waits until the agent sees something that fits. */
  agentSees(what: string, fits: RegExp): Promise<DeskContact>;
  agentSays(contactId: string, words: string): Promise<void>;
  /** Waits long enough for a text to come, and fails if one does. */
  silence(): Promise<void>;
}

const agentName = "Maria";
const patienceMs = 15_000;

async function story(the: Scene): Promise<void> {
  const { sim, phone } = the;
  the.title("A caller is offered to go on by text");
  await sim.call(phone, { waitSeconds: 7_500, press: "1" });
  await the.receives("the offer", /Reply YES/);
  await the.texts("Yes!");
  await the.receives("the place in line", /number \d+ in line/);

  the.title("The bot answers while the chat waits");
  await the.texts("when are you open?");
  await the.receives("the bot's answer", /\d/);
  await the.texts("what's the weather going to be tomorrow?");
  await the.receives("an honest answer", /don't know/);

  the.title("An agent takes over");
  await sim.agent(agentName, "available");
  await the.receives("word of the agent", /Maria has joined/);
  const { contactId } = await the.agentSees("what was said before", /Before you joined/);
  await the.agentSays(
    contactId,
    "Hi, I'm Maria. I've read what you asked the bot. How can I help?",
  );
  await the.receives("the agent's text", /How can I help/);
  await the.texts("I'd like to change my address");
  await the.agentSees("the customer's text", /change my address/);
  await the.agentSays(contactId, "Done! You'll get a letter to confirm it.");
  await the.receives("the agent's text", /letter to confirm/);

  the.title("The agent ends the chat; the next text starts again");
  await sim.agent(agentName, "offline");
  await sim.end(contactId);
  await the.receives("the end", /chat has ended/);
  await the.texts("how do I reset my password?");
  await the.receives("the bot's answer", /example.com/);

  the.title("STOP is silence, START undoes it");
  await the.texts("STOP");
  await the.receives("the confirmation", /opted out/);
  await the.texts("anybody there?");
  await the.silence();
  await the.texts("START");
  await the.receives("the way back", /opted back in/);
}

/** A fictional number nobody has texted from yet, so that a kept data folder does not matter. */
async function unusedPhone(sim: SimClient): Promise<string> {
  for (let last = 100; last < 200; last++) {
    const phone = `+14255550${last}`;
    if ((await sim.texts(phone)).length === 0) return phone;
  }
  throw new Error("all the demo's numbers were used; point HOLDLINE_DATA at a new folder");
}

function scene(sim: SimClient, phone: string, stopped: AbortSignal): Scene {
  const inbox: string[] = [];
  let shown = 0;

  /** Asks again and again until there is an answer; fails, saying what did not happen. */
  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + patienceMs;
    while (performance.now() < end) {
      if (stopped.aborted) throw new Error("interrupted");
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`the demo waited in vain for ${what}`);
  }

  async function look(): Promise<void> {
    const texts = await sim.texts(phone);
    for (const { direction, text } of texts.slice(shown)) {
      if (direction === "out") continue;
      if (text.includes("##")) throw new Error("a queue marker reached the phone");
      bubble("phone gets", text);
      inbox.push(text);
    }
    shown = texts.length;
  }

  /** The oldest text not asked for yet that fits, and those before it, are taken from the inbox. */
  function taken(fits: RegExp): string | undefined {
    const at = inbox.findIndex((text) => fits.test(text));
    return at < 0 ? undefined : inbox.splice(0, at + 1).at(-1);
  }

  return {
    sim,
    phone,
    title: (words) => console.log(`\n== ${words}`),
    receives: (what, fits) =>
      until(what, async () => {
        await look();
        return taken(fits);
      }),
    async texts(words) {
      bubble("customer", words);
      await sim.text(phone, words);
    },
    agentSees: (what, fits) =>
      until(what, async () => {
        const contact = (await sim.desk(agentName)).find(({ state }) => state !== "ended");
        const item = contact?.transcript.find(({ text }) => fits.test(text ?? ""));
        if (item) bubble("Maria sees", item.text ?? "");
        return item && contact;
      }),
    async agentSays(contactId, words) {
      bubble("Maria types", words);
      await sim.say(contactId, words);
    },
    async silence() {
      await look();
      inbox.length = 0;
      await new Promise((wake) => setTimeout(wake, 1_500));
      await look();
      if (inbox.length > 0) throw new Error("a text was sent to somebody who said STOP");
      bubble("phone gets", "(nothing)");
    },
  };
}

function bubble(who: string, text: string) {
  const [first = "", ...rest] = text.split("\n");
  console.log(`${who.padStart(11)} | ${first}`);
  for (const line of rest) console.log(`${" ".repeat(11)} | ${line}`);
}
