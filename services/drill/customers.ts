import { setTimeout as sleep } from "node:timers/promises";
import type { SimClient } from "../cli/sim-client.ts";

/** What one conversation is to say, and to whom. Every text is told apart by its words. */
export interface Script {
  readonly phone: string;
  /** Questions and the bot's answers, from the drill's own FAQ. */
  readonly questions: readonly { readonly question: string; readonly answer: string }[];
  readonly toAgent: readonly string[];
  readonly fromAgent: readonly string[];
}

const words = ["apple", "bridge", "candle", "dragon", "engine", "forest", "garden", "harbor"];

/** The FAQ the drill's bot knows: a word, and an answer nobody else gives. */
export const drillFaq = words.map((word) => ({
  id: `drill-${word}`,
  question: `tell me about the ${word}`,
  answer: `The answer about the ${word} is ${word.toUpperCase()}.`,
}));

/** The script of the n-th customer. */
export function script(n: number): Script {
  const faq = [drillFaq[n % 8], drillFaq[(n + 3) % 8]].filter((pair) => pair !== undefined);
  return {
    phone: `+1425${String(6_000_000 + n)}`,
    questions: faq.map(({ question, answer }) => ({ question, answer })),
    toAgent: [1, 2, 3].map((part) => `customer ${n} to agent, part ${part}`),
    fromAgent: [1, 2, 3].map((part) => `agent to customer ${n}, part ${part}`),
  };
}

/** Where conversations are, read from the stand-in once for all of them. */
export interface Contacts {
  /** The chat of a phone that an agent has; nothing while none has. */
  withAgent(phone: string): string | undefined;
}

/** Plays one customer and the agent's side of the chat, not caring who is being killed meanwhile. */
export async function play(
  { phone, questions, toAgent, fromAgent }: Script,
  sim: SimClient,
  contacts: Contacts,
  signal: AbortSignal,
): Promise<void> {
  const received = async () =>
    (await sim.texts(phone)).filter(({ direction }) => direction === "in").map(({ text }) => text);
  const until = async (done: () => Promise<boolean> | boolean) => {
    while (!(await done())) await sleep(400 + Math.random() * 800, undefined, { signal });
  };
  // A call while the pipeline is down is not offered anything; people call again.
  await until(async () => ((await sim.call(phone)) as { offered?: boolean }).offered === true);
  await until(async () => (await received()).some((text) => text.includes("Reply YES")));
  await sim.text(phone, "YES");
  for (const { question } of questions) await sim.text(phone, question);
  await until(() => contacts.withAgent(phone) !== undefined);
  await until(async () => (await received()).some((text) => text.includes("has joined")));
  for (const [part, text] of toAgent.entries()) {
    await sim.text(phone, text);
    const contactId = contacts.withAgent(phone);
    if (contactId) await sim.say(contactId, fromAgent[part] ?? "");
    await sleep(Math.random() * 1_500, undefined, { signal });
  }
  await until(async () => {
    const texts = await received();
    return fromAgent.every((text) => texts.includes(text));
  });
}
