import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textsOf } from "../texts.ts";
import type { steps, Taken } from "./history-steps.ts";
import { report } from "./report.ts";
import { child } from "./sockets-child.ts";

export interface HistoryBenchOptions {
  readonly texts: string;
  readonly events: number;
  readonly seed: string;
  readonly keep?: string;
}

/** A history made by the real stages, taken away, brought back and run again: each step in a process of its own. */
export async function runHistoryBench({ texts, events, seed, keep }: HistoryBenchOptions) {
  // Before minutes are spent on it: throws where there are none.
  textsOf(texts);
  const folder = keep ?? mkdtempSync(join(tmpdir(), "holdline-bench-"));
  const say = (line: string) => console.log(line);
  async function step<Name extends keyof typeof steps>(
    name: Name,
    ...given: Parameters<(typeof steps)[Name]>
  ): Promise<Awaited<ReturnType<(typeof steps)[Name]>>> {
    say(name);
    const process = child<typeof steps>(new URL("./history-steps.ts", import.meta.url), say);
    try {
      return (await process.ask(name, ...given)) as Awaited<ReturnType<(typeof steps)[Name]>>;
    } finally {
      await process.stop();
    }
  }
  try {
    const [log, imported] = [join(folder, "log"), join(folder, "import")];
    const [plain, small] = [join(folder, "a.ndjson"), join(folder, "a.ndjson.zst")];
    const made = await step("make", log, texts, seed, events);
    const exported = await step("export", log, small);
    const exportedPlain = await step("export", log, plain);
    const verified = await step("verify", small);
    const brought = await step("import", small, imported);
    const key = await step("someKey", imported);
    const found = await step("find", small, key);
    const foundPlain = await step("find", plain, key);
    const rebuilt = await step("replay", small, { key });
    const alone = await step("replay", imported, { only: "classify" });
    const all = await step("replay", imported, {});
    const faults = verified.faults.length + alone.differ + all.differ + rebuilt.differ;
    const rate = ({ seconds }: Taken) => made.events / seconds;
    // What a core would do that nobody else uses.
    const alike = ({ cpuSeconds }: Taken) => made.events / cpuSeconds;
    report("history", {
      events: made.events,
      conversations: made.conversations,
      "texts from, seed": `${texts}, ${seed}`,
      "faults and differences, which must be 0": faults,
      "made by the real stages, events/s": rate(made),
      "bytes an event, plain and compressed": `${Math.round(exportedPlain.bytes / made.events)}, ${Math.round(exported.bytes / made.events)}`,
      "export, compressed, events/s": rate(exported),
      "export, compressed, events a second of CPU": alike(exported),
      "export, plain, events/s": rate(exportedPlain),
      "export, plain, events a second of CPU": alike(exportedPlain),
      "verify, events/s": rate(verified),
      "verify, events a second of CPU": alike(verified),
      "import, events/s": rate(brought),
      "import, events a second of CPU": alike(brought),
      "one conversation found, compressed, s": found.seconds,
      "one conversation found, plain, s": foundPlain.seconds,
      "one conversation found and run again, s": rebuilt.seconds,
      "one conversation found and run again, s of CPU": rebuilt.cpuSeconds,
      "replay of classify alone, events of the history/s": rate(alone),
      "replay of classify alone, events a second of CPU": alike(alone),
      "runs of classify a second": alone.runs / alone.seconds,
      "replay of all stages, events of the history/s": rate(all),
      "replay of all stages, events a second of CPU": alike(all),
      "runs of all stages a second": all.runs / all.seconds,
      "peak MiB: export": exported.peakMiB,
      "peak MiB: verify": verified.peakMiB,
      "peak MiB: import": brought.peakMiB,
      "peak MiB: one conversation": rebuilt.peakMiB,
      "peak MiB: replay of classify": alone.peakMiB,
      "peak MiB: replay of all": all.peakMiB,
    });
    if (faults > 0) process.exitCode = 1;
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
