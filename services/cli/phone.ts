import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { simClient } from "./sim-client.ts";
import { isCommand } from "./typed-command.ts";

/** Be the customer: each line typed is a text; `/call` rings up and presses 1. */
export async function runPhone(number: string, to: string | undefined): Promise<void> {
  const sim = simClient();
  let shown = (await sim.texts(number)).length;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  console.log(
    `You are ${number}. /call rings up and presses 1; anything else is a text; /quit leaves.`,
  );
  lines.prompt();
  let open = true;
  lines.on("close", () => {
    open = false;
  });
  lines.on("line", (line) => {
    Promise.resolve(typed(line.trim()))
      .catch((error: Error) => console.log(`! ${error.message}`))
      .finally(() => open && lines.prompt());
  });
  while (open) {
    const texts = await sim.texts(number);
    for (const { direction, text } of texts.slice(shown))
      if (direction === "in") console.log(`\r< ${text}`);
    if (texts.length > shown) lines.prompt(true);
    shown = texts.length;
    await sleep(300);
  }

  function typed(text: string) {
    if (text === "") return undefined;
    if (text === "/quit") return lines.close();
    if (text === "/call") return sim.call(number);
    if (isCommand(text)) return console.log(`! there is no ${text}; /call rings up, /quit leaves`);
    return sim.text(number, text, to);
  }
}
