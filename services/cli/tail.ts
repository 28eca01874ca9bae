import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Event } from "@holdline/events";
import { askOps } from "./ops-client.ts";

export interface TailOptions {
  readonly json?: boolean;
  readonly from?: number;
  readonly since?: string;
}

/** Prints events as they happen, until interrupted. A line each, without texts and numbers unless asked for. */
export async function runTail({ json, from, since }: TailOptions): Promise<void> {
  const query = new URLSearchParams({
    follow: "1",
    ...(from !== undefined && { from: `${from}` }),
    ...(since !== undefined && { since }),
  });
  const answer = await askOps("GET", `/events?${query}`);
  const input = Readable.fromWeb(answer.body as ReadableStream);
  process.stdout.on("error", () => process.exit(0));
  // However it ends, with a line or in the middle of one, it is the other side that ended it.
  await printed(input, json ?? false).catch(() => {});
  throw new Error("the pipeline is gone; start it and run this again");
}

async function printed(input: Readable, json: boolean): Promise<void> {
  for await (const line of createInterface({ input })) {
    const { off, event } = JSON.parse(line) as { off?: number; event: Event };
    console.log(json ? JSON.stringify(event) : inOneLine(off, event));
  }
}

function inOneLine(off: number | undefined, { time, type, key, position, data }: Event): string {
  const [producer] = position.stream.split("/");
  const facts = Object.entries(data as Record<string, unknown>)
    .filter(([name, value]) => shown.has(name) && value !== null && value !== "")
    .map(([name, value]) => `${name}=${String(value)}`);
  // Over Kafka there is no one log for an event to have its place in.
  const place = off === undefined ? [] : [`${off}`.padStart(6)];
  const words = [...place, time.slice(11, 23), key.slice(0, 10), type.padEnd(22)];
  return [...words, `(${producer})`, ...facts].join(" ");
}

/** What may be shown without showing what was said or by whom. */
const shown = new Set([
  ...["route", "reason", "kind", "speaker", "intent", "score", "state", "position", "size"],
  ...["role", "stage", "code", "status", "about", "secondsWaited", "nth", "final"],
]);
