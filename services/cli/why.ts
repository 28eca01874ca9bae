import type { Stage } from "@holdline/runtime";
import { environment } from "../environment.ts";
import { numbersOf } from "../installation.ts";
import { pipeline } from "../pipeline.ts";
import { knownSecret } from "../secret.ts";
import { meanings } from "../why/codes.ts";
import { look, type Sight } from "../why/look.ts";
import { mermaid } from "../why/mermaid.ts";
import { openSource, type Source } from "../why/source.ts";
import { standingAt } from "../why/standing.ts";
import { foundIn } from "../why/whom.ts";
import { words } from "../why/words.ts";
import { askOps } from "./ops-client.ts";

/** Where a conversation is looked up, and what is known beside its history. */
export interface WhyPlace {
  readonly source: Source;
  readonly secret: string | undefined;
  readonly numbers: readonly { readonly address: string; readonly channel: string }[];
  standing(key: string): Promise<Pick<Sight, "standing" | "seen" | "known">>;
}

export interface WhyOptions {
  readonly on: string;
  readonly from?: string;
  readonly since?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly redact?: boolean;
}

/** Prints why a conversation is where it is: what happened, what went wrong, what is waited for. */
export async function runWhy(whom: string, options: WhyOptions): Promise<void> {
  const { secret, numbers, standing, ...place } = await placeOf(options);
  await using source = place.source;
  const found = await foundIn(source, whom, only(options.to, numbers), secret);
  const why = look({
    ...found,
    // After the events, so that no stage can seem to be behind for what came meanwhile.
    ...(await standing(found.conversation)),
    ...{ stages, meanings: meanings(), now: new Date(), redact: options.redact === true },
  });
  if (options.json) return console.log(JSON.stringify(why, null, 2));
  for (const line of options.mermaid ? mermaid(why) : words(why)) console.log(line);
}

const stages = pipeline as unknown as readonly Stage[];

async function placeOf({ on, from, since }: WhyOptions): Promise<WhyPlace> {
  if (on === "kafka") return (await import("./why-on-kafka.ts")).whyOnKafka(stages, from, since);
  if (since !== undefined) throw new Error("--since goes with --on kafka");
  if (on === "one-machine") return here(from);
  if (on === "aws") return (await import("./why-on-aws.ts")).whyOnAws(stages, from);
  throw new Error(`--on is one-machine, kafka or aws, not ${on}`);
}

/** A history of this machine, and the pipeline that may run over it. */
async function here(named: string | undefined): Promise<WhyPlace> {
  const env = environment(process.env);
  const from = named ?? env.HOLDLINE_DATA;
  const ask = (path: string) => askOps("GET", path, AbortSignal.timeout(2_000));
  return {
    source: await openSource(from),
    secret: knownSecret(from, env.HOLDLINE_SECRET) ?? knownSecret(env.HOLDLINE_DATA, undefined),
    numbers: numbersOf(env),
    standing: (key) => standingAt(from, key, stages, ask),
  };
}

/** Our numbers; of these only `to`, where it is given. */
function only(to: string | undefined, numbers: WhyPlace["numbers"]): WhyPlace["numbers"] {
  if (to === undefined) return numbers;
  const channels = new Set(numbers.map(({ channel }) => channel));
  return [...channels].map((channel) => ({ channel, address: to }));
}
