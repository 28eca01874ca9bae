import { keywordOf } from "../classify/keywords.ts";
import { textsOf } from "../texts.ts";
import { bareLoop } from "./bare-loop.ts";
import { bareStages } from "./bare-stages.ts";
import { median } from "./pairs.ts";
import { percentile, report } from "./report.ts";
import { atRate, flatOut } from "./texter.ts";
import { texterNone } from "./texter-none.ts";
import { texterSim } from "./texter-sim.ts";

export interface PipelineBenchOptions {
  readonly texts: string;
  readonly edge: string;
  readonly rounds: number;
  readonly rate: number;
  readonly seconds: number;
}

/** Texts under way at once in the run that shows how many there can be a second. */
const atOnce = { none: 250, sim: 100 } as const;

/**
 * Every text of a file from a customer of its own: text → classify → bot → reply sent, durable at every
 * step; first as fast as it goes, again and again, then at a fixed offered rate. Beside it, in the same run
 * and on the same disk: five stages over the same log that only pass on, five in one loop of SQLite, and raw
 * durable appends.
 */
export async function runPipelineBench(options: PipelineBenchOptions) {
  const { texts: file, edge, rounds, rate, seconds } = options;
  if (edge !== "none" && edge !== "sim") throw new Error(`--edge is none or sim, not ${edge}`);
  if (rounds < 1 || rate < 1 || seconds < 1)
    throw new Error("--rounds, --rate and --seconds are 1 or more");
  // A text that is a command gets another answer than the bot's, or none: as a question it is a text.
  const texts = textsOf(file).map((text) =>
    keywordOf(text) ? `${text} please tell me more` : text,
  );
  const say = (line: string) => console.log(line);
  const before = await bare(texts);
  const texter = edge === "none" ? await texterNone() : await texterSim();
  say(`${texts.length} customers are offered to go on by text and say yes`);
  await texter.prepare(texts.length, say);
  const cpu = process.cpuUsage();
  const cpuHere = process.threadCpuUsage();
  const rates: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const perSecond = await flatOut(texter, texts, atOnce[edge]);
    say(`every customer sends a text: ${Math.round(perSecond)} a second`);
    rates.push(perSecond);
  }
  const perText = ({ user, system }: NodeJS.CpuUsage) => (user + system) / texts.length / rounds;
  const here = perText(process.threadCpuUsage(cpuHere));
  const all = perText(process.cpuUsage(cpu));
  say(`texts are offered at ${rate} a second for ${seconds} s`);
  const waits = await atRate(texter, texts, rate, seconds);
  await texter.close();
  const after = await bare(texts);
  const perSecond = median(rates);
  const beside = (figure: keyof Bare) => (before[figure] + after[figure]) / 2;
  report(`pipeline-${edge}`, {
    texts: texts.length,
    edge: edge,
    "texts a second, durable, text to reply sent": perSecond,
    [`of ${rounds} rounds the slowest`]: Math.min(...rates),
    "of these the first, while V8 compiles": rates[0] ?? Number.NaN,
    "CPU microseconds a text, this process": all,
    "of these in its main thread": here,
    [`p50 ms at ${rate} texts a second offered`]: percentile(waits, 0.5),
    [`p99 ms at ${rate} texts a second offered`]: percentile(waits, 0.99),
    "five stages that pass on, over the same log": beside("stages"),
    "share of these": perSecond / beside("stages"),
    "five stages in one loop of SQLite": beside("loop"),
    "share of that": perSecond / beside("loop"),
    "raw durable appends a second, one at a time": beside("appends"),
  });
}

interface Bare {
  readonly stages: number;
  readonly loop: number;
  readonly appends: number;
}

async function bare(texts: readonly string[]): Promise<Bare> {
  const { textsPerSecond: loop, appendsPerSecond: appends } = bareLoop(texts, 500);
  return { stages: await bareStages(texts, atOnce.none), loop, appends };
}
