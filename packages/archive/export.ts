import { existsSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { packed } from "./block.ts";
import { blockEvents, chained, digest, header, lineOfEvent } from "./format.ts";
import type { History } from "./history.ts";
import { indexLines } from "./index-lines.ts";
import { forget, type Progress, type Unfinished, unfinished } from "./unfinished.ts";

export interface ExportOptions {
  /** Told how many events are written, every some thousand. */
  readonly onProgress?: (events: number) => void;
}

/** What a history itself has wrong: trying again cannot help. */
class BadHistory extends Error {}

/** Blocks between two moments from which an export that was cut off goes on. */
const blocksAtOnce = 16;

/**
 * Writes a history as an archive; a name that ends in `.zst` compresses it. Under its name there is a
 * whole archive or none; one that was cut off goes on where it was. Throws where a stream of the history does
 * not go on from its last event.
 */
export async function exportArchive(
  history: Pick<History, "pages">,
  file: string,
  { onProgress = () => {} }: ExportOptions = {},
): Promise<number> {
  if (!existsSync(dirname(file))) throw new Error(`there is no folder ${dirname(file)}`);
  const [part, memory] = [`${file}.part`, `${file}.part.state`];
  if (!existsSync(part)) forget(memory);
  let known = unfinished(memory);
  if (!continues(history, known.progress)) {
    known.close();
    forget(memory);
    known = unfinished(memory);
  }
  try {
    await using target = await open(part, known.progress.bytes > 0 ? "r+" : "w", 0o600);
    await target.truncate(known.progress.bytes);
    const progress = await written(history, target, known, file.endsWith(".zst"), onProgress);
    known.close();
    await rename(part, file);
    forget(memory);
    return progress.events;
  } catch (error) {
    known.close();
    if (error instanceof BadHistory) {
      await rm(part, { force: true });
      forget(memory);
    }
    throw error;
  }
}

/** Whether this is the history that was being exported: the last event is where it was. */
function continues(history: Pick<History, "pages">, { off, chain, events }: Progress): boolean {
  if (events === 0) return true;
  const [first] = history.pages(off - 1);
  const event = first?.[0];
  return event?.off === off && chained("", event.body) === chain;
}

async function written(
  history: Pick<History, "pages">,
  target: FileHandle,
  known: Unfinished,
  compressed: boolean,
  onProgress: (events: number) => void,
): Promise<Progress> {
  const sum = digest(known.progress.digest);
  let { off, events, bytes } = known.progress;
  let body = "";
  let lines: string[] = [];
  let keys = new Set<string>();
  let [first, last] = ["", ""];

  const append = async (text: string) => {
    const piece = packed(text, compressed);
    await target.write(piece, 0, piece.length, bytes);
    const at = bytes;
    bytes += piece.length;
    return [at, piece.length] as const;
  };
  const endBlock = async () => {
    if (lines.length === 0) return;
    const n = Math.ceil(events / blockEvents) - 1;
    const [at, size] = await append(lines.join(""));
    known.block(n, at, size, first, last);
    for (const key of keys) known.place(key, n);
    lines = [];
    keys = new Set();
    // Never with a block that is not full: it could not be filled up.
    if (events % (blockEvents * blocksAtOnce) !== 0) return;
    await target.datasync();
    known.commit(progress());
    onProgress(events);
  };
  const progress = (): Progress => ({
    ...{ off, chain: chained("", body), events, bytes },
    digest: sum.toString(),
  });

  if (bytes === 0) await append(`${header}\n`);
  for (const page of history.pages(off)) {
    for (const entry of page) {
      const { position, key, time } = JSON.parse(entry.body) as {
        position: { stream: string; seq: number };
        key: string;
        time: string;
      };
      const { stream, seq } = position;
      const before = known.link(stream);
      if (before && seq !== before.seq + 1)
        throw new BadHistory(`offset ${entry.off}: ${stream} goes from ${before.seq} to ${seq}`);
      const link = chained(before?.chain ?? "", entry.body);
      known.setLink(stream, { seq, chain: link });
      sum.add(link);
      if (lines.length === 0) first = last = time;
      if (time < first) first = time;
      if (time > last) last = time;
      lines.push(`${lineOfEvent(link, entry.body)}\n`);
      keys.add(key);
      events++;
      ({ off, body } = entry);
      if (lines.length === blockEvents) await endBlock();
    }
  }
  await endBlock();
  known.end();
  const index = await indexLines(known, append);
  await append(`${JSON.stringify({ events, digest: sum.toString(), index })}\n`);
  await target.sync();
  return progress();
}
