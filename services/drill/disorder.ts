import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportArchive } from "@holdline/archive";
import { onAws } from "../aws-emulated/index.ts";
import type { Tally } from "./count.ts";
import { drillFaq } from "./customers.ts";
import { rehearse, tell } from "./rehearsal.ts";

export interface DisorderDrillOptions {
  readonly conversations: number;
  readonly say?: (line: string) => void;
  /** Told what it came to, before what the bus carried is kept. */
  readonly counted?: (tally: Tally) => void;
  readonly withinMs?: number;
}

/** What was counted, and an archive of all that the bus has carried. */
export interface DisorderDrilled {
  readonly tally: Tally;
  readonly archive: string;
}

/** A third of all messages is delivered twice, and any of them up to this much later than it came. */
const disorder = { twice: 0.33, keepBackMs: 400 };

/** Conversations under way at once: as many as an emulator in one process keeps up with. */
const atOnce = 30;

/** Prints what the drill came to; exits 1 when anything was lost, doubled, swapped or strayed. */
export async function runDisorderDrill(options: DisorderDrillOptions): Promise<void> {
  const started = performance.now();
  const { archive } = await disorderDrill({
    say: (line) => console.log(line),
    counted(tally) {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      tell({ tally, what: `every delivery shuffled and a third doubled, ${seconds} s` });
      console.log("What the bus has carried is being kept; some minutes for many conversations.");
    },
    ...options,
  });
  console.log(`What the bus has carried is in ${archive}.`);
}

/** Plays many conversations on an emulated AWS whose queues shuffle and double everything. */
export async function disorderDrill({
  conversations,
  say = () => {},
  counted = () => {},
  withinMs = 3_000_000,
}: DisorderDrillOptions): Promise<DisorderDrilled> {
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
    counted(tally);
    const history = await aws.history();
    const archive = join(folder, "history.ndjson.zst");
    await exportArchive({ pages: () => [history] }, archive);
    return { tally, archive };
  } finally {
    await aws.close();
  }
}
