import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { isCompressed, pieceAt, unpacked } from "./block.ts";
import {
  BadArchive,
  type Footer,
  type IndexLine,
  type Line,
  longestLine,
  readHeader,
  readLine,
} from "./format.ts";

/** What an archive holds besides its events: told as it is come by. */
export interface Beside {
  readonly onIndex?: (line: IndexLine, number: number) => void;
}

/**
 * The events of an archive, in its order, with flat memory; returns its footer.
 * Throws `BadArchive` at a line that is not one, and at an end that comes without the footer.
 */
export async function* readArchive(
  file: string,
  { onIndex = () => {} }: Beside = {},
): AsyncGenerator<Line, Footer> {
  let number = 0;
  let footer: Footer | undefined;
  for await (const text of linesOf(await contents(file))) {
    number++;
    if (number === 1) readHeader(text);
    else if (footer) throw new BadArchive(number, "something follows the footer");
    else {
      const line = readLine(text, number);
      if ("body" in line) yield line;
      else if ("digest" in line) footer = line;
      else onIndex(line, number);
    }
  }
  if (!footer) throw new BadArchive(number + 1, "the archive ends without its footer: truncated");
  return footer;
}

async function contents(file: string): Promise<AsyncIterable<Buffer>> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  return isCompressed(buffer.subarray(0, bytesRead)) ? decompressed(source) : source;
}

class Damaged extends Error {}

/** Piece by piece: at most one is in memory. */
async function* decompressed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const bytes = pieceAt(held, at);
      if (bytes === undefined && held.length - at >= 12)
        throw new Damaged("cannot be decompressed: damaged, or compressed by another program");
      if (bytes === undefined || held.length - at < bytes) break;
      yield opened(held.subarray(at, at + bytes));
      at += bytes;
    }
    held = held.subarray(at);
  }
  if (held.length > 0) throw new Damaged("cannot be decompressed: damaged or truncated");
}

function opened(piece: Buffer): Buffer {
  try {
    return unpacked(piece, true);
  } catch {
    throw new Damaged("cannot be decompressed: damaged or truncated");
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let number = 1;
  let held: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
        hold(chunk.subarray(from, to));
        yield (held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)).toString();
        number++;
        held = [];
        size = 0;
        from = to + 1;
      }
      hold(chunk.subarray(from));
    }
  } catch (error) {
    if (error instanceof Damaged) throw new BadArchive(number, error.message);
    throw error;
  }
  if (size > 0) throw new BadArchive(number, "the archive ends within a line: truncated");

  function hold(part: Buffer) {
    size += part.length;
    if (size > longestLine) throw new BadArchive(number, `longer than ${longestLine} bytes`);
    held.push(part);
  }
}
