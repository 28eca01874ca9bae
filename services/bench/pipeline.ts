import { keywordOf } from "../classify/keywords.ts";
import { textsOf } from "../texts.ts";
import { bareLoop } from "./bare-loop.ts";
import { percentile, report } from "./report.ts";
import { atRate, flatOut } from "./texter.ts";
import { texterNone } from "./texter-none.ts";
import { texterSim } from "./texter-sim.ts";

export interface PipelineBenchOptions {
  readonly texts: string;
  readonly edge: string;
  readonly rate: number;
  readonly seconds: number;
}

/** Texts under way at once in the run that shows how many there can be a second. */
const atOnce = { none: 250, sim: 100 } as const;

/**
 * Every text of a file from a customer of its own: text → classify → bot → reply sent, durable at every
 * step; first as fast as it goes, then at a fixed offered rate. Beside it, in the same run and on the
 * same disk: the bare five-stage loop and raw durable appends.
 */
export async function runPipelineBench({ texts: file, edge, rate, seconds }: PipelineBenchOptions) {
  if (edge !== "none" && edge !== "sim") throw new Error(`--edge is none or sim, not ${edge}`);
  // A text that is a command gets another answer than the bot's, or none: 250as a question it is a text.
  const texts = textsOf(file).map((text) =>
    keywordOf(text) ? `${text} please tell me more` : text,
  );
  const say = (line: string) => console.log(line);
  const bare = bareLoop(texts, 500);
  const texter = edge === "none" ? await texterNone() : await texterSim();
  say(`${texts.length} customers are offered to go on by text and say yes`);
  await texter.prepare(texts.length, say);
  say("every customer sends a text");
  const before = process.cpuUsage();
  const beforeHere = process.threadCpuUsage();
  const perSecond = await flatOut(texter, texts, atOnce[edge]);
  const perText = ({ user, system }: NodeJS.CpuUsage) => (user + system) / texts.length;
  const here = perText(process.threadCpuUsage(beforeHere));
  const all = perText(process.cpuUsage(before));
  say(`texts are offered at ${rate} a second for ${seconds} s`);
  const waits = await atRate(texter, texts, rate, seconds);
  await texter.close();
  const again = bareLoop(texts, 500);
  const bareRate = (bare.textsPerSecond + again.textsPerSecond) / 2;
  report(`pipeline-${edge}`, {
    texts: texts.length,
    edge: edge,
    "texts a second, durable, text to reply sent": perSecond,
    "CPU microseconds a text, this process": all,
    "of these in its main thread": here,
    [`p50 ms at ${rate} texts a second offered`]: percentile(waits, 0.5),
    [`p99 ms at ${rate} texts a second offered`]: percentile(waits, 0.99),
    "bare five-stage loop, texts a second": bareRate,
    "share of the bare loop": perSecond / bareRate,
    "raw durable appends a second, one at a time":
      (bare.appendsPerSecond + again.appendsPerSecond) / 2,
  });
}
