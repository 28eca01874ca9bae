import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onAws } from "../aws-emulated/index.ts";
import type { Tally } from "./count.ts";
import { drillFaq } from "./customers.ts";
import { rehearse, tell } from "./rehearsal.ts";

export interface DisorderDrillOptions {
  readonly conversations: number;
  readonly say?: (line: string) => void;
  readonly withinMs?: number;
}

/** A third of all messages is delivered twice, and any of them up to this much later than it came. */
const disorder = { twice: 0.33, keepBackMs: 400 };

/** Conversations under way at once: as many as an emulator in one process keeps up with. */
const atOnce = 30;

/** Prints what the drill came to; exits 1 when anything was lost, doubled, swapped or strayed. */
export async function runDisorderDrill(options: DisorderDrillOptions): Promise<void> {
  const started = performance.now();
  const tally = await disorderDrill({ say: (line) => console.log(line), ...options });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  tell({ tally, what: `every delivery shuffled and a third doubled, ${seconds} s` });
}

/** Plays many conversations on an emulated AWS whose queues shuffle and double everything. */
export async function disorderDrill({
  conversations,
  say = () => {},
  withinMs = 3_000_000,
}: DisorderDrillOptions): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "holdline-drill-"));
  const faq = join(folder, "faq.ndjson");
  writeFileSync(faq, drillFaq.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  const aws = await onAws({ folder, faq, quotas: "off", disorder, say });
  try {
    say(`up; ${conversations} customers call`);
    let shown = Date.now();
    const { tally } = await rehearse({
      ...{ conversations, atOnce, withinMs, say, awsUrl: aws.awsUrl },
      async meanwhile({ signal, finished }) {
        while (!signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          if (Date.now() - shown < 15_000) continue;
          shown = Date.now();
          say(`${finished()} of ${conversations} conversations done`);
        }
      },
    });
    return tally;
  } finally {
    await aws.close();
  }
}
