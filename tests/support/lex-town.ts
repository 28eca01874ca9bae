import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddedFaqTable } from "@holdline/embedded";
import { type FaqTable, type KeptPair, syncOf } from "@holdline/faq";
import { type Simulator, type SimulatorOptions, simulator } from "@holdline/simulator";
import { onTestFinished } from "vitest";
import { faqAnswers } from "../../services/faq/answer.ts";
import type { Log } from "../../services/log.ts";
import { at, pairOf } from "./faq-pairs.ts";
import { ownFolder } from "./folder.ts";

const verbs =
  "renew cancel replace report register transfer appeal correct print upload download pause restart verify share extend suspend translate collect return repair inspect reserve donate borrow dispute withdraw submit archive forward".split(
    " ",
  );
const nouns =
  "passport licence permit benefit invoice receipt parking-badge library-card certificate tax-return allotment voucher subscription bus-pass complaint deposit mooring meter garage-key cemetery-plot bin-collection market-stall street-light hedge football-pitch dog-tag planning-notice school-meal polling-card swimming-lesson".split(
    " ",
  );

/** As many pairs as are asked for, all about something else. */
export function manyPairs(count: number): readonly KeptPair[] {
  const pairs = verbs.flatMap((verb) =>
    nouns.map((noun) => {
      const thing = noun.replace("-", " ");
      const answer = `To ${verb} a ${thing}, go to example.org/${noun}/${verb}.`;
      return pairOf(`${verb}-${noun}`, {
        ...{ answer, text: answer, section: thing },
        question: `How do I ${verb} a ${thing}?`,
      });
    }),
  );
  if (pairs.length < count) throw new Error(`there are only ${pairs.length}`);
  return pairs.slice(0, count);
}

/** Where the function is that the bots of these tests invoke. */
export const functionArn = "arn:aws:lambda:us-west-2:111122223333:function:faq-answer";

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Puts pairs into a table, in the place of what is there. */
export async function fill(table: FaqTable, pairs: readonly KeptPair[]): Promise<void> {
  const state = await table.state();
  const { entries } = syncOf(state, pairs, { review: "none", at, whole: true });
  if (entries.length > 0) await table.apply(state.revision, entries);
}

/** A stand-in for AWS, a table with these pairs, and the function that answers from it. */
export async function lexTown(pairs: readonly KeptPair[], options: SimulatorOptions = {}) {
  const table = embeddedFaqTable(ownFolder());
  await fill(table, pairs);
  const answers = faqAnswers(table, quiet);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", async () => {
      response.end(JSON.stringify(await answers(JSON.parse(body))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sim: Simulator = await simulator({
    ...{ port: 0, quotas: "off", speed: 1_000 },
    functions: { "faq-answer": url },
    ...options,
  });
  onTestFinished(async () => {
    await sim.close();
    server.close();
    table.close();
  });
  const client = {
    endpoint: sim.url,
    region: "us-west-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const faults = (body: object) =>
    fetch(`${sim.url}/_sim/faults`, { method: "POST", body: JSON.stringify(body) });
  return { table, sim, client, faults };
}
