import { hash } from "node:crypto";
import { Envelope, type Event } from "@holdline/events";
import * as z from "zod";

/** Raised when a reader of before could not read what is written now. */
export const archiveVersion = 2;

/** A fault of an archive, at the line that shows it (the first is 1). */
export class BadArchive extends Error {
  readonly line: number;
  constructor(line: number, fault: string) {
    super(`line ${line}: ${fault}`);
    this.line = line;
  }
}

/** Longer than any event (200 KB) with its chain: whatever is longer is not one of ours, and is not read to its end. */
export const longestLine = 1_000_000;

/** Events of one block, the least that is read to find one of them; the last may have fewer. */
export const blockEvents = 256;

export const header = JSON.stringify({ archive: "holdline", version: archiveVersion });

const Header = z.object({ archive: z.literal("holdline"), version: z.int() });

const whole = z.int().nonnegative();
/** Where a block or a line of the index is in the file, and how many bytes it takes there. */
const extent = z.tuple([whole, whole]);

const Footer = z.strictObject({
  events: whole,
  digest: z.string().regex(/^[0-9a-f]{32}$/),
  index: extent,
});
export type Footer = z.output<typeof Footer>;

/** Some conversations, by key, and the blocks each is in. */
export const ConversationsPage = z.strictObject({
  conversations: z.array(z.tuple([z.string(), z.array(whole)])),
});
/** Some blocks in a row: where each is, and the first and the last time in it. */
export const BlocksPage = z.strictObject({
  blocks: z.array(z.tuple([whole, whole, z.string(), z.string()])),
});
/** Where those pages are: of conversations by the first key, of blocks by the first and the last time. */
export const Directory = z.strictObject({
  index: z.strictObject({
    conversations: z.array(z.tuple([whole, whole, z.string()])),
    blocks: z.array(z.tuple([whole, whole, z.string(), z.string()])),
  }),
});
const IndexLine = z.union([ConversationsPage, BlocksPage, Directory]);
export type IndexLine = z.output<typeof IndexLine>;

/** One event's line. `body` is the event as it was written, byte for byte. */
export interface Line {
  readonly number: number;
  readonly chain: string;
  readonly body: string;
  readonly event: Event;
}

/** What links an event to all of its stream before it: 128 bits of SHA-256. A stream begins with no link. */
export const chained = (before: string, body: string): string =>
  hash("sha256", before + body, "hex").slice(0, 32);

export const lineOfEvent = (chain: string, body: string): string =>
  `{"chain":"${chain}","event":${body}}`;

const shape = /^\{"chain":"([0-9a-f]{32})","event":(\{.*\})\}$/s;

/** Sums 128 bits in any order, so that a shuffled archive can be told to be whole. */
export function digest(begin = "0") {
  let sum = BigInt(`0x${begin}`);
  return {
    add(bits: string) {
      sum = BigInt.asUintN(128, sum + BigInt(`0x${bits}`));
    },
    toString: () => sum.toString(16).padStart(32, "0"),
  };
}

/** Throws where a line is not what an archive begins with. */
export function readHeader(text: string): void {
  const read = Header.safeParse(parsed(text, 1));
  if (!read.success) throw new BadArchive(1, "not the beginning of a Holdline archive");
  if (read.data.version !== archiveVersion)
    throw new BadArchive(1, `archive version ${read.data.version}; this reads ${archiveVersion}`);
}

/** An event's line, one of the index, or the footer. Throws `BadArchive` where it is none of these. */
export function readLine(text: string, number: number): Line | IndexLine | Footer {
  const [, chain, body] = shape.exec(text) ?? [];
  const read = parsed(text, number);
  if (chain === undefined || body === undefined) {
    const other = Footer.safeParse(read).data ?? IndexLine.safeParse(read).data;
    if (!other) throw new BadArchive(number, "neither an event nor part of the index");
    return other;
  }
  const event = Envelope.safeParse((read as { event?: unknown } | null)?.event);
  if (!event.success) throw new BadArchive(number, "not an event with an envelope of version 1");
  return { number, chain, body, event: event.data as Event };
}

/** The footer, where a line is one. */
export const footerIn = (text: string): Footer | undefined => {
  try {
    return Footer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadArchive(number, "not JSON");
  }
}
