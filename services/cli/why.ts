import type { Stage } from "@holdline/runtime";
import { type Environment, environment } from "../environment.ts";
import { pipeline } from "../pipeline.ts";
import { knownSecret } from "../secret.ts";
import { loadSettings } from "../settings/index.ts";
import { standInSettings } from "../stand-in.ts";
import { meanings } from "../why/codes.ts";
import { look } from "../why/look.ts";
import { mermaid } from "../why/mermaid.ts";
import { openSource } from "../why/source.ts";
import { standingAt } from "../why/standing.ts";
import { foundIn } from "../why/whom.ts";
import { words } from "../why/words.ts";
import { askOps } from "./ops-client.ts";

export interface WhyOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly redact?: boolean;
}

/** Prints why a conversation is where it is: what happened, what went wrong, what is waited for. */
export async function runWhy(whom: string, options: WhyOptions): Promise<void> {
  const env = environment(process.env);
  const from = options.from ?? env.HOLDLINE_DATA;
  await using source = await openSource(from);
  const secret =
    knownSecret(from, env.HOLDLINE_SECRET) ?? knownSecret(env.HOLDLINE_DATA, undefined);
  const stages = pipeline as unknown as readonly Stage[];
  const found = await foundIn(source, whom, numbersOf(env, options.to), secret);
  const ask = (path: string) => askOps("GET", path, AbortSignal.timeout(2_000));
  const why = look({
    ...found,
    // After the events, so that no stage can seem to be behind for what came meanwhile.
    ...(await standingAt(from, found.conversation, stages, ask)),
    ...{ stages, meanings: meanings(), now: new Date(), redact: options.redact === true },
  });
  if (options.json) return console.log(JSON.stringify(why, null, 2));
  for (const line of options.mermaid ? mermaid(why) : words(why)) console.log(line);
}

/** Our numbers by the settings, or the stand-in's where there are none; of these only `to`, where it is given. */
function numbersOf({ HOLDLINE_CONFIG }: Environment, to: string | undefined) {
  const { numbers } = loadSettings(HOLDLINE_CONFIG, standInSettings("http://127.0.0.1"));
  if (to === undefined) return numbers;
  const channels = new Set(numbers.map(({ channel }) => channel));
  return [...channels].map((channel) => ({ channel, address: to }));
}
