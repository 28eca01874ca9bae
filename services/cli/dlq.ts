import { askOps } from "./ops-client.ts";

interface Listed {
  readonly id: string;
  readonly time: string;
  readonly key: string;
  readonly stage: string;
  readonly code: string;
  readonly type: string;
}

/** Lists the dead letters. */
export async function runList(json: boolean): Promise<void> {
  const letters = (await (await askOps("GET", "/dlq")).json()) as readonly Listed[];
  if (json) return console.log(JSON.stringify(letters, null, 2));
  if (letters.length === 0) return console.log("no dead letters");
  for (const { id, time, stage, code, type, key } of letters)
    console.log(`${id}  ${time}  ${stage.padEnd(14)} ${code.padEnd(20)} ${type}  ${key}`);
}

/** Shows one whole, the event in it included. */
export async function runShow(id: string): Promise<void> {
  const letter = await (await askOps("GET", `/dlq/${encodeURIComponent(id)}`)).json();
  console.log(JSON.stringify(letter, null, 2));
}

/** Redrives some, and says of each what came of it. */
export async function runRedrive(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const answer = await askOps("POST", `/dlq/${encodeURIComponent(id)}/redrive`);
    const { redriven } = (await answer.json()) as { redriven: boolean };
    console.log(`${id}  ${redriven ? "redriven" : "had been redriven before"}`);
  }
}
