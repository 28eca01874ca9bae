import { createInterface } from "node:readline/promises";
import type { Event } from "@holdline/events";
import { environment } from "../environment.ts";
import { fate, refeedable } from "../refeed/fate.ts";
import { openSource } from "../replay/source.ts";
import { askOps } from "./ops-client.ts";
import { progress } from "./progress.ts";
import { type Chosen, wantedOf } from "./wanted.ts";

export interface RefeedOptions extends Chosen {
  readonly event?: string;
  readonly yes?: boolean;
}

/**
 * Gives events of an archive to the running pipeline once more: what came in and was never run, and what was given
 * up on. Says first what it would do, and asks.
 */
export async function runRefeed(archive: string, options: RefeedOptions): Promise<void> {
  const wanted = wantedOf(options, environment(process.env));
  const bar = progress(`reading ${archive}`);
  await using source = await openSource(archive, wanted, bar.show);
  bar.end();
  const candidates: Event[] = [];
  let passedOver = 0;
  for await (const { bodies } of source.recordings(wanted)) {
    const conversation = bodies.map((body) => JSON.parse(body) as Event);
    for (const event of conversation) {
      if (!isChosen(event, options.event, wanted)) continue;
      if (!refeedable.includes(event.type)) {
        if (options.event !== undefined)
          throw new Error(
            `${event.id} is ${event.type}; only ${refeedable.join(" and ")} can be refed`,
          );
        continue;
      }
      const why = fate(event, conversation);
      if (why !== undefined) passedOver++;
      if (why === undefined) candidates.push(event);
      else if (options.event !== undefined) console.log(line(event, why));
    }
  }
  candidates.sort((a, b) => (a.time < b.time ? -1 : 1));
  if (passedOver > 0) console.log(`${passedOver} were run then, or redriven, and are passed over`);
  const ready: Event[] = [];
  for (const event of candidates) {
    const refed = await ask("?look=1", event);
    console.log(line(event, refed.refeed ? "would be refed" : refed.why));
    if (refed.refeed) ready.push(event);
  }
  if (ready.length === 0) return console.log("nothing is to be refed");
  if (!options.yes && !(await agreed(ready.length))) return console.log("nothing was refed");
  for (const event of ready) {
    const refed = await ask("", event);
    console.log(line(event, refed.refeed ? "refed" : refed.why));
  }
}

const isChosen = (
  { id, time }: Event,
  wanted: string | undefined,
  { from = "", to = "9" }: { readonly from: string | undefined; readonly to: string | undefined },
): boolean => (wanted === undefined || id === wanted) && time >= from && time <= to;

const line = ({ time, key, type, id }: Event, outcome: string): string =>
  `${time}  ${key}  ${type}  ${id}: ${outcome}`;

async function ask(query: string, event: Event) {
  const answer = await askOps("POST", `/refeed${query}`, null, event);
  return (await answer.json()) as { refeed: true } | { refeed: false; why: string };
}

async function agreed(events: number): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error("nothing was refed: nobody is there to be asked; say --yes");
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`Give these ${events} to the running pipeline? [y/N] `);
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}
