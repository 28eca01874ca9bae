import { BadArchive, chained, type Line } from "./format.ts";
import { inOrder } from "./order.ts";

/** All that a history holds of one conversation. */
export interface Recording {
  readonly key: string;
  /** Whether every stream is there from its first event on: only then can a state be rebuilt. */
  readonly whole: boolean;
  /** Its events as they were written, in an order in which they can have been said. */
  readonly bodies: readonly string[];
}

/**
 * One conversation's lines, in any order: checked, and put in an order in which they can have been said.
 * Throws `BadArchive` where one is missing, doubled or altered.
 */
export function checked(lines: readonly Line[]) {
  let whole = true;
  let last: Line | undefined;
  for (const line of lines.toSorted(byPlace)) {
    const { stream, seq } = line.event.position;
    const before = last?.event.position.stream === stream ? last : undefined;
    const at = before?.event.position.seq;
    if (at === seq) throw new BadArchive(line.number, `${stream} ${seq} is there already`);
    if (at !== undefined && seq !== at + 1)
      throw new BadArchive(line.number, `${stream} goes from ${at} to ${seq}: missing`);
    if (seq > 0 && !before) whole = false;
    if (line.chain !== chained(before?.chain ?? "", line.body))
      throw new BadArchive(
        line.number,
        `${stream} ${seq} was altered, or what was before it is missing`,
      );
    last = line;
  }
  return { whole, ordered: inOrder(lines) };
}

function byPlace(a: Line, b: Line): number {
  const [one, other] = [a.event.position, b.event.position];
  if (one.stream !== other.stream) return one.stream < other.stream ? -1 : 1;
  return one.seq - other.seq || a.number - b.number;
}
