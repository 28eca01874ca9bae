import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import type { Event } from "@holdline/events";
import { chained, digest, header, lineOfEvent } from "./format.ts";
import type { History } from "./history.ts";

export interface ExportOptions {
  /** Told how many events are written, every some thousand. */
  readonly onProgress?: (events: number) => void;
}

/**
 * Writes a history as an archive; a name that ends in `.zst` compresses it. Under its name there is a
 * whole archive or none. Throws where a stream of the history does not go on from its last event.
 */
export async function exportArchive(
  history: History,
  file: string,
  { onProgress = () => {} }: ExportOptions = {},
): Promise<number> {
  const part = `${file}.part`;
  let events = 0;
  const lines = Readable.from(blocks());
  const target = createWriteStream(part, { mode: 0o600, flush: true });
  try {
    if (file.endsWith(".zst")) await pipeline(lines, createZstdCompress(), target);
    else await pipeline(lines, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, file);
  return events;

  async function* blocks() {
    const streams = new Map<string, { seq: number; chain: string }>();
    const sum = digest();
    yield `${header}\n`;
    for (const page of history.pages()) {
      let block = "";
      for (const { off, body } of page) {
        const { stream, seq } = (JSON.parse(body) as Event).position;
        const last = streams.get(stream);
        if (last && seq !== last.seq + 1)
          throw new Error(`offset ${off}: ${stream} goes from ${last.seq} to ${seq}`);
        const chain = chained(last?.chain ?? "", body);
        streams.set(stream, { seq, chain });
        sum.add(chain);
        block += `${lineOfEvent(chain, body)}\n`;
        events++;
      }
      yield block;
      onProgress(events);
    }
    yield `${JSON.stringify({ events, digest: sum.toString() })}\n`;
  }
}
