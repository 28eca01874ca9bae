import inspector from "node:inspector";
import { createInterface } from "node:readline";
import { denyNetwork } from "@holdline/replay";
import { environment, quotaFactor } from "../environment.ts";
import { configuredPipeline } from "../pipeline.ts";
import { recordedPorts } from "../ports.recorded.ts";
import { jsonOf, linesOf, stepOf } from "../replay/lines.ts";
import { rerunAll } from "../replay/rerun-all.ts";
import { openSource } from "../replay/source.ts";
import { inWords, tallying } from "../replay/tally.ts";
import { settingsPort } from "../settings/index.ts";
import { steadyMemory } from "../steady-memory.ts";
import { progress } from "./progress.ts";
import { type Chosen, settingsOf, wantedOf } from "./wanted.ts";

export interface ReplayOptions extends Chosen {
  readonly stage?: string;
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly step?: boolean;
  readonly inspect?: boolean;
}

/**
 * Runs today's stages over a history and tells what they say otherwise than then. Exits 0 where nothing is,
 * 1 where something is, 2 where it cannot be told.
 */
export async function runReplay(archive: string, options: ReplayOptions): Promise<void> {
  try {
    process.exitCode = (await replay(archive, options)) ? 0 : 1;
  } catch (error) {
    console.error(`holdline: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  }
}

async function replay(archive: string, options: ReplayOptions): Promise<boolean> {
  if (options.inspect) {
    inspector.open(0, "127.0.0.1", true);
    // biome-ignore lint/suspicious/noDebugger: this is what --inspect is for
    debugger;
  }
  denyNetwork();
  steadyMemory();
  const env = environment(process.env);
  const settings = settingsOf(env);
  const { HOLDLINE_SPEED: speed, HOLDLINE_QUOTAS: quotas } = env;
  const port = settingsPort(settings, { speed, quotas: quotaFactor(quotas) });
  const wanted = wantedOf(options, env);
  const bar = progress(`reading ${archive}`);
  await using source = await openSource(archive, wanted, bar.show);
  bar.end();
  const stages = configuredPipeline(port);
  const ports = recordedPorts(settings, port);
  const counted = tallying();
  const stepper = options.step ? stepping() : undefined;
  for await (const { key, runs } of rerunAll(source, wanted, {
    stages,
    only: options.stage,
    ports,
  })) {
    counted.conversation();
    let named = options.json === true;
    for await (const run of runs) {
      counted.add(run);
      if (options.diff && run.verdict !== "differs") continue;
      if (!named) console.log(key);
      named = true;
      if (options.json) console.log(JSON.stringify(jsonOf(key, run)));
      else for (const line of (stepper ? stepOf : linesOf)(run)) console.log(line);
      await stepper?.next();
    }
  }
  stepper?.close();
  const { tally } = counted;
  if (tally.conversations === 0)
    throw new Error(`${archive} holds no conversation that is asked for`);
  console.log(options.json ? JSON.stringify({ summary: tally }) : inWords(tally));
  return tally.differ === 0;
}

/** Waits for Enter after each run; `q` ends it, and at the end of the input it goes on by itself. */
function stepping() {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  return {
    async next() {
      process.stderr.write("-- Enter for the next, q to stop --\n");
      const { value } = await lines.next();
      if (value === "q") {
        input.close();
        process.exit(process.exitCode ?? 0);
      }
    },
    close: () => input.close(),
  };
}
