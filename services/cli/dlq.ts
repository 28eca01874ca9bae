import type { ListedLetter } from "../dead-letters.ts";
import { askOps } from "./ops-client.ts";

/** Where dead letters are kept, and given to their stage once more. */
export interface DeadLetterPlace {
  list(): Promise<readonly ListedLetter[]>;
  show(id: string): Promise<unknown>;
  /** Whether it was redriven now; false when it had been before. */
  redrive(id: string): Promise<boolean>;
}

/** Those of the pipeline that runs on this machine. */
const here: DeadLetterPlace = {
  list: async () => (await (await askOps("GET", "/dlq")).json()) as readonly ListedLetter[],
  show: async (id) => (await askOps("GET", `/dlq/${encodeURIComponent(id)}`)).json(),
  async redrive(id) {
    const answer = await askOps("POST", `/dlq/${encodeURIComponent(id)}/redrive`);
    return ((await answer.json()) as { redriven: boolean }).redriven;
  },
};

async function placeOf(on: string): Promise<DeadLetterPlace> {
  if (on === "one-machine") return here;
  if (on === "aws") return (await import("./dlq-on-aws.ts")).dlqOnAws();
  throw new Error(`--on is one-machine or aws, not ${on}`);
}

/** Lists the dead letters. */
export async function runList(on: string, json: boolean): Promise<void> {
  const letters = await (await placeOf(on)).list();
  if (json) return console.log(JSON.stringify(letters, null, 2));
  if (letters.length === 0) return console.log("no dead letters");
  for (const { id, time, stage, code, type, key } of letters)
    console.log(`${id}  ${time}  ${stage.padEnd(14)} ${code.padEnd(20)} ${type}  ${key}`);
}

/** Shows one whole, the event in it included. */
export async function runShow(on: string, id: string): Promise<void> {
  console.log(JSON.stringify(await (await placeOf(on)).show(id), null, 2));
}

/** Redrives some, and says of each what came of it. */
export async function runRedrive(on: string, ids: readonly string[]): Promise<void> {
  const place = await placeOf(on);
  for (const id of ids)
    console.log(`${id}  ${(await place.redrive(id)) ? "redriven" : "had been redriven before"}`);
}
