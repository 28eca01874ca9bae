import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import { BadArchive, type Line, longestLine, readHeader, readLine } from "./format.ts";

/** What a zstd frame begins with. */
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** What the footer says there is. */
export interface Total {
  readonly events: number;
  readonly digest: string;
}

/**
 * The lines of an archive, in its order, with flat memory; returns its footer.
 * Throws `BadArchive` at a line that is not one, and at an end that comes without the footer.
 */
export async function* readArchive(file: string): AsyncGenerator<Line, Total> {
  let number = 0;
  let total: Total | undefined;
  for await (const text of linesOf(await contents(file))) {
    number++;
    if (number === 1) readHeader(text);
    else if (total) throw new BadArchive(number, "something follows the footer");
    else {
      const line = readLine(text, number);
      if ("body" in line) yield line;
      else total = line;
    }
  }
  if (!total) throw new BadArchive(number + 1, "the archive ends without its footer: truncated");
  return total;
}

async function contents(file: string): Promise<AsyncIterable<Buffer>> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const source = createReadStream(file);
  if (bytesRead < 4 || !buffer.equals(zstdMagic)) return source;
  // Errors come out of the last stream, where they are awaited.
  return pipeline(source, createZstdDecompress(), () => {});
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
        yield Buffer.concat(held).toString();
        number++;
        held = [];
        size = 0;
        from = to + 1;
      }
      hold(chunk.subarray(from));
    }
  } catch (error) {
    // The decompressor's own: ZSTD_error_… or, at an early end, Z_BUF_ERROR.
    if (/^Z(STD)?_/.test((error as NodeJS.ErrnoException).code ?? ""))
      throw new BadArchive(number, "cannot be decompressed: damaged or truncated");
    throw error;
  }
  if (size > 0) throw new BadArchive(number, "the archive ends within a line: truncated");

  function hold(part: Buffer) {
    size += part.length;
    if (size > longestLine) throw new BadArchive(number, `longer than ${longestLine} bytes`);
    held.push(part);
  }
}
