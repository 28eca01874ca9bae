import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type DeskContact, simClient } from "./sim-client.ts";
import { isCommand } from "./typed-command.ts";

/** Be an agent: chats arrive by themselves; a line typed goes to the current one. */
export async function runDesk(name: string): Promise<void> {
  const sim = simClient();
  await sim.agent(name, "available");
  const shown = new Map<string, number>();
  const ended = new Set<string>();
  let current: string | undefined;
  let open = true;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  console.log(
    `You are ${name}, available. /end ends the chat, /next goes to another, /quit signs out.`,
  );
  lines.on("close", () => {
    open = false;
  });
  lines.on("line", (line) => {
    Promise.resolve(typed(line.trim()))
      .catch((error: Error) => console.log(`! ${error.message}`))
      .finally(() => open && lines.prompt());
  });
  while (open) {
    for (const contact of await sim.desk(name)) show(contact);
    await sleep(300);
  }
  await sim.agent(name, "offline");

  function typed(text: string) {
    if (text === "/quit") return lines.close();
    if (text === "/next") {
      const ids = [...shown.keys()];
      current = ids[(ids.indexOf(current ?? "") + 1) % ids.length];
      return console.log(current ? `now with ${current}` : "no chats");
    }
    if (text === "") return undefined;
    const ends = text === "/end";
    if (!ends && isCommand(text)) return console.log(`! there is no ${text}; /end, /next, /quit`);
    if (current === undefined) return console.log("no chat yet; wait for one");
    return ends ? sim.end(current) : sim.say(current, text);
  }

  function show({ contactId, customer, state, transcript }: DeskContact) {
    if (ended.has(contactId)) return;
    const from = shown.get(contactId) ?? 0;
    if (!shown.has(contactId)) console.log(`\r=== chat with ${customer} (${contactId})`);
    for (const { role, type, text } of transcript.slice(from))
      if (role !== "AGENT" && type === "MESSAGE") console.log(`\r< ${role.toLowerCase()}: ${text}`);
    if (transcript.length > from) lines.prompt(true);
    if (state === "ended") {
      shown.delete(contactId);
      console.log(`\r=== chat with ${customer} ended`);
      if (current === contactId) current = undefined;
      ended.add(contactId);
      return;
    }
    shown.set(contactId, transcript.length);
    current ??= contactId;
  }
}
