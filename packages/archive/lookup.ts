import { type FileHandle, open } from "node:fs/promises";
import type * as z from "zod";
import { isCompressed, pieceAt, unpacked } from "./block.ts";
import {
  BadArchive,
  BlocksPage,
  blockEvents,
  ConversationsPage,
  Directory,
  type Footer,
  footerIn,
  type Line,
  readHeader,
  readLine,
} from "./format.ts";
import { blocksOfPage } from "./index-lines.ts";
import { checked, type Recording } from "./recording.ts";

/** An archive to look things up in without reading all of it. */
export interface OpenArchive extends AsyncDisposable {
  readonly events: number;
  /** The time of the last event. */
  readonly end: string;
  /** One conversation; nothing where the archive holds none of it. */
  recording(key: string): Promise<Recording | undefined>;
  /** Conversations with an event between two times, both included. */
  keysBetween(from: string, to: string): Promise<readonly string[]>;
}

/** Opens an archive by its index. Throws `BadArchive` where it has none that fits. */
export async function openArchive(file: string): Promise<OpenArchive> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const compressed = isCompressed(await read(handle, 0, 4));
    const piece = async (at: number, bytes: number) => {
      if (at + bytes > size) throw noIndex();
      try {
        return unpacked(await read(handle, at, bytes), compressed)
          .toString()
          .split("\n");
      } catch {
        throw noIndex();
      }
    };
    const first = compressed ? pieceAt(await read(handle, 0, 12)) : await firstLine(handle);
    readHeader((await piece(0, first ?? 0))[0] ?? "");
    const footer = await footerOf(handle, size, compressed);
    if (!footer) throw noIndex();
    return await over(handle, footer, piece);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const noIndex = () =>
  new BadArchive(
    1,
    "the index is missing or does not fit the lines; the archive can still be imported",
  );

async function over(
  handle: FileHandle,
  { events, index }: Footer,
  piece: (at: number, bytes: number) => Promise<string[]>,
): Promise<OpenArchive> {
  const page = async <T>(schema: z.ZodType<T>, at: number, bytes: number): Promise<T> => {
    const [line = ""] = await piece(at, bytes);
    const read = schema.safeParse(jsonOf(line));
    if (!read.success) throw noIndex();
    return read.data;
  };
  const { index: directory } = await page(Directory, ...index);
  const blockPages = new Map<number, Promise<z.output<typeof BlocksPage>>>();

  async function placeOf(n: number) {
    const nth = Math.floor(n / blocksOfPage);
    const where = directory.blocks[nth];
    if (!where) throw noIndex();
    const blocks = blockPages.get(nth) ?? page(BlocksPage, where[0], where[1]);
    blockPages.set(nth, blocks);
    const place = (await blocks).blocks[n % blocksOfPage];
    if (!place) throw noIndex();
    return place;
  }

  /** A block's lines, those without the text left unread. */
  async function block(n: number, text = ""): Promise<readonly Line[]> {
    const [at, bytes] = await placeOf(n);
    const lines = (await piece(at, bytes)).slice(0, -1);
    return lines.flatMap((line, nth) => {
      if (!line.includes(text)) return [];
      const read = readLine(line, n * blockEvents + nth + 2);
      if (!("body" in read)) throw noIndex();
      return [read];
    });
  }

  async function blocksOf(key: string): Promise<readonly number[]> {
    const found: number[] = [];
    for (const [nth, [at, bytes, first]] of directory.conversations.entries()) {
      const next = directory.conversations[nth + 1]?.[2];
      if (first > key || (next !== undefined && next < key)) continue;
      const { conversations } = await page(ConversationsPage, at, bytes);
      for (const [other, blocks] of conversations) if (other === key) found.push(...blocks);
    }
    return found;
  }

  return {
    events,
    end: directory.blocks.reduce((end, [, , , last]) => (last > end ? last : end), ""),
    async recording(key) {
      const lines: Line[] = [];
      for (const n of await blocksOf(key)) {
        const own = (await block(n, key)).filter(({ event }) => event.key === key);
        if (own.length === 0) throw noIndex();
        lines.push(...own);
      }
      if (lines.length === 0) return undefined;
      const { whole, ordered } = checked(lines);
      return { key, whole, bodies: ordered.map(({ body }) => body) };
    },
    async keysBetween(from, to) {
      const keys = new Set<string>();
      for (let n = 0; n * blockEvents < events; n++) {
        const [, , first, last] = await placeOf(n);
        if (last < from || first > to) continue;
        for (const { event } of await block(n))
          if (event.time >= from && event.time <= to) keys.add(event.key);
      }
      return [...keys];
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function read(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, at);
  return buffer.subarray(0, bytesRead);
}

/** More than a header takes. */
const headerRoom = 200;

async function firstLine(handle: FileHandle): Promise<number> {
  return (await read(handle, 0, headerRoom)).indexOf(10) + 1;
}

/** More than a footer takes, compressed or not. */
const footerRoom = 1_000;

/** The footer is the last line, or all there is in the last piece. */
async function footerOf(handle: FileHandle, size: number, compressed: boolean) {
  const from = Math.max(0, size - footerRoom);
  const tail = await read(handle, from, size - from);
  if (!compressed) return footerIn(tail.toString().trimEnd().split("\n").at(-1) ?? "");
  for (let at = tail.length - 1; at >= 0; at--)
    if (pieceAt(tail, at) === tail.length - at)
      return footerIn(unpacked(tail.subarray(at), true).toString());
  return undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
