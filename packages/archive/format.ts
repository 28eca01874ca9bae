import { createHash } from "node:crypto";
import { Envelope, type Event } from "@holdline/events";
import { z } from "zod";

/** Raised when a reader of before could not read what is written now. */
export const archiveVersion = 1;

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

export const header = JSON.stringify({ archive: "holdline", version: archiveVersion });

const Header = z.object({ archive: z.literal("holdline"), version: z.int() });

const Footer = z.strictObject({
  events: z.int().nonnegative(),
  digest: z.string().regex(/^[0-9a-f]{32}$/),
});
type Footer = z.output<typeof Footer>;

/** One event's line. `body` is the event as it was written, byte for byte. */
export interface Line {
  readonly number: number;
  readonly chain: string;
  readonly body: string;
  readonly event: Event;
}

/** What links an event to all of its stream before it: 128 bits of SHA-256. A stream begins with no link. */
export const chained = (before: string, body: string): string =>
  createHash("sha256").update(before).update(body).digest("hex").slice(0, 32);

export const lineOfEvent = (chain: string, body: string): string =>
  `{"chain":"${chain}","event":${body}}`;

const shape = /^\{"chain":"([0-9a-f]{32})","event":(\{.*\})\}$/s;

/** Sums links in any order, so that a shuffled archive can be told to be whole. */
export function digest() {
  let sum = 0n;
  return {
    add(chain: string) {
      sum = BigInt.asUintN(128, sum + BigInt(`0x${chain}`));
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

/** An event's line or the footer. Throws `BadArchive` where it is neither. */
export function readLine(text: string, number: number): Line | Footer {
  const whole = parsed(text, number);
  const footer = Footer.safeParse(whole);
  if (footer.success) return footer.data;
  const [, chain = "", body = ""] = shape.exec(text) ?? [];
  const event = Envelope.safeParse((whole as { event?: unknown } | null)?.event);
  if (chain === "") throw new BadArchive(number, "neither an event nor the footer");
  if (!event.success) throw new BadArchive(number, "not an event with an envelope of version 1");
  return { number, chain, body, event: event.data as Event };
}

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadArchive(number, "not JSON");
  }
}
