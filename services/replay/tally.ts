import type { Run } from "@holdline/replay";

/** What a replay came to, in numbers. */
export interface Tally {
  readonly conversations: number;
  readonly runs: number;
  readonly equal: number;
  readonly differ: number;
  /** The recording ended before the run, or what it said, was in it. */
  readonly unfinished: number;
  /** What cannot be told from the recording. */
  readonly unknown: number;
  /** Texts to the customer. */
  readonly texts: Changed;
  /** Everything else that is said. */
  readonly others: Changed;
}

interface Changed {
  readonly altered: number;
  readonly added: number;
  readonly dropped: number;
}

const nothing = { altered: 0, added: 0, dropped: 0 };

/** What the customer reads. */
export const isText = (type: string): boolean => type === "reply.drafted";

/** Counts runs as they come. */
export function tallying() {
  const sum = { conversations: 0, runs: 0, equal: 0, differ: 0, unfinished: 0, unknown: 0 };
  const [texts, others] = [{ ...nothing }, { ...nothing }];
  return {
    conversation: () => void sum.conversations++,
    add({ verdict, changes }: Run) {
      sum.runs++;
      sum[verdict === "differs" ? "differ" : verdict]++;
      for (const change of changes) {
        const { type } = "now" in change ? change.now : change.past;
        (isText(type) ? texts : others)[change.change]++;
      }
    },
    get tally(): Tally {
      return { ...sum, texts, others };
    },
  };
}

/** A tally in words. */
export function inWords({ conversations, runs, ...tally }: Tally): string {
  const { equal, differ, unfinished, unknown, texts, others } = tally;
  return [
    `${conversations} conversations, ${runs} runs: ${equal} equal, ${differ} differ, ${unfinished} unfinished when the recording ended, ${unknown} not to be told from it`,
    `texts: ${changed(texts)}; other events: ${changed(others)}`,
  ].join("\n");
}

const changed = ({ altered, added, dropped }: Changed): string =>
  `${altered} altered, ${added} added, ${dropped} dropped`;
