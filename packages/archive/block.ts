import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { blockEvents } from "./format.ts";

/**
 * A compressed archive is made of zstd frames, each behind a skippable frame that holds its length, as pzstd
 * writes them (RFC 8878, 3.1.2): any zstd reads it through, and one block is read without the others. Node's own
 * stream stops at the end of a frame.
 */
const skippable = 0x184d2a50;
const headBytes = 12;

/** Bytes that lines together can have: as many of the largest events (200 KB) as a block holds. */
const mostBytes = blockEvents * 250_000;

/** Some lines as they are kept in the file. */
export function packed(lines: string, compressed: boolean): Buffer {
  const text = Buffer.from(lines);
  if (!compressed) return text;
  const frame = zstdCompressSync(text);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(skippable, 0);
  head.writeUInt32LE(4, 4);
  head.writeUInt32LE(frame.length, 8);
  return Buffer.concat([head, frame]);
}

/** The lines of what `packed` made. Throws where it is damaged. */
export function unpacked(bytes: Buffer, compressed: boolean): Buffer {
  if (!compressed) return bytes;
  return zstdDecompressSync(bytes.subarray(headBytes), { maxOutputLength: mostBytes });
}

/** How many bytes the piece takes that begins here; nothing where none does, or too little is there to tell. */
export function pieceAt(bytes: Buffer, at = 0): number | undefined {
  if (bytes.length - at < headBytes) return undefined;
  const isHead = bytes.readUInt32LE(at) === skippable && bytes.readUInt32LE(at + 4) === 4;
  const length = bytes.readUInt32LE(at + 8);
  return isHead && length <= mostBytes ? headBytes + length : undefined;
}

/** Whether a file that begins so is compressed, by us or by anybody. */
export const isCompressed = (beginning: Buffer): boolean =>
  beginning.length >= 4 && [skippable, 0xfd2fb528].includes(beginning.readUInt32LE(0));
