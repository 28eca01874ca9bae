import { type OutOfReach, type Run, recorded, replayed } from "@holdline/replay";
import { relevance, type Stage } from "@holdline/runtime";
import type { Ports } from "../ports.ts";
import type { Source, Wanted } from "./source.ts";

export interface Replaying {
  /** Every stage there is: who else speaks decides what a stage can hear. */
  readonly stages: readonly Stage[];
  /** The stage that is run again; all, where none is named. */
  readonly only: string | undefined;
  readonly ports: OutOfReach<Ports>;
}

/** Runs stages again over the conversations that are wanted; tells of each conversation, then of its runs. */
export async function* rerunAll(
  source: Source,
  wanted: Wanted,
  { stages, only, ports }: Replaying,
): AsyncGenerator<{ readonly key: string; readonly runs: AsyncIterable<Run> }> {
  const chosen = stages.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = stages.map(({ name }) => name).join(", ");
    throw new Error(`there is no stage ${only}; the stages are ${names}`);
  }
  const hearing = chosen.map((stage) => ({ stage, relevant: relevance(stage, stages) }));
  const { end } = source;
  for await (const { key, whole, bodies } of source.recordings(wanted)) {
    const conversation = recorded(bodies, chosen);
    yield { key, runs: runs() };

    async function* runs() {
      for (const { stage, relevant } of hearing) {
        for await (const run of replayed({ stage, relevant, ports, conversation, whole, end }))
          if (isWithin(run.heard.time, wanted)) yield run;
      }
    }
  }
}

const isWithin = (time: string, { from = "", to = "9" }: Wanted): boolean =>
  time >= from && time <= to;
