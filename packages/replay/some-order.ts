import { lineOf } from "@holdline/events";
import type { Run } from "./rerun.ts";
import type { Scheduled, Stretch } from "./schedule.ts";

/** A run that was made again, and what the stage knows after it. */
export interface Made {
  readonly run: Run;
  readonly after: unknown;
}

type Make = (run: Scheduled, before: unknown) => Promise<Made>;

/** Runs made in search of an order, at most: one stretch must not keep the others waiting. */
const atMost = 500;

/**
 * Makes the runs of a stretch in an order that explains the recording: silent ones silent, and then the one that
 * spoke as it did. The order of time is the first that is tried, and the one that is told of where none does.
 */
export async function madeInOrder(
  { silent, spoke }: Stretch,
  state: unknown,
  make: Make,
): Promise<readonly Made[]> {
  const told: Made[] = [];
  let known = state;
  for (const run of spoke ? [...silent, spoke] : silent) {
    const one = await make(run, known);
    told.push(one);
    known = one.after;
  }
  const lines = Map.groupBy(silent, ({ heard }) => lineOf(heard.event.position.stream));
  if (lines.size < 2 || explains(told)) return told;
  let left = atMost;
  return (await search([...lines.values()], state)) ?? told;

  /** Depth first: the next of each stream, by time, as long as it is silent. */
  async function search(
    streams: readonly (readonly Scheduled[])[],
    known: unknown,
  ): Promise<readonly Made[] | undefined> {
    if (streams.length === 0) {
      if (!spoke) return [];
      const last = await make(spoke, known);
      return last.run.verdict === "differs" ? undefined : [last];
    }
    for (const [nth, [next, ...rest]] of streams.entries()) {
      if (!next || left-- <= 0) return undefined;
      const one = await make(next, known);
      if (one.run.verdict !== "equal") continue;
      const others = rest.length > 0 ? streams.with(nth, rest) : streams.toSpliced(nth, 1);
      const found = await search(others, one.after);
      if (found) return [one, ...found];
    }
    return undefined;
  }

  function explains(all: readonly Made[]) {
    return all.every(
      ({ run }, nth) =>
        run.verdict === "equal" || (nth === silent.length && run.verdict !== "differs"),
    );
  }
}
