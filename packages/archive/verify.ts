import { BadArchive, blockEvents, chained, digest, type IndexLine } from "./format.ts";
import { readArchive } from "./read.ts";
import { type Unfinished, unfinished } from "./unfinished.ts";

/** What `verify` found; sound where there are no faults. */
export interface Verdict {
  readonly events: number;
  readonly faults: readonly BadArchive[];
}

/** Faults told before the rest is left unread. */
const atMost = 100;

/** Events between two times that what is known leaves memory. */
const atOnce = 4_096;

/** Checks every line, every stream's chain, the index and the total: finds what is missing, doubled, altered or out of order. */
export async function verifyArchive(
  file: string,
  onProgress: (events: number) => void = () => {},
): Promise<Verdict> {
  // A temporary file of SQLite's own, gone with the process.
  const known = unfinished("");
  const sum = digest();
  const faults: BadArchive[] = [];
  let events = 0;
  let keys = new Set<string>();
  let [first, last] = ["", ""];
  const endBlock = () => {
    const n = Math.ceil(events / blockEvents) - 1;
    for (const key of keys) known.place(key, n);
    if (keys.size > 0) known.block(n, 0, 0, first, last);
    keys = new Set();
  };
  let index: ReturnType<typeof indexCheck> | undefined;
  const onIndex = (line: IndexLine, number: number) => {
    if (!index) {
      endBlock();
      known.end();
    }
    index ??= indexCheck(known);
    // Where lines are not in their places, the index cannot be right either.
    if (faults.length === 0 && !index(line)) fault(number, "the index does not fit the lines");
  };
  const lines = readArchive(file, { onIndex });
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done) {
        const { value: total } = next;
        if (total.events !== events || total.digest !== sum.toString())
          fault(events + 2, `the footer tells of ${total.events} events, and not of these`);
        if (!index && faults.length === 0) fault(events + 2, "the index is missing");
        break;
      }
      const { number, chain, body, event } = next.value;
      if (index) throw new BadArchive(number, "an event behind the index");
      const { stream, seq } = event.position;
      const before = known.link(stream);
      events++;
      sum.add(chain);
      const wanted = before ? before.seq + 1 : undefined;
      if (wanted !== undefined && seq < wanted)
        fault(number, `${stream} ${seq} is there already, or out of order`);
      else if (wanted !== undefined && seq > wanted)
        fault(number, `${stream} goes from ${wanted - 1} to ${seq}: missing, or out of order`);
      else if (chain !== chained(before?.chain ?? "", body))
        fault(number, `${stream} ${seq} was altered, or what was before it is missing`);
      // What follows is judged by what this line claims: one fault is told once.
      if (wanted === undefined || seq >= wanted) known.setLink(stream, { seq, chain });
      if (keys.size === 0) first = last = event.time;
      if (event.time < first) first = event.time;
      if (event.time > last) last = event.time;
      keys.add(event.key);
      if (events % blockEvents === 0) endBlock();
      if (events % atOnce === 0) {
        known.commit({ off: 0, chain: "", events, bytes: 0, digest: "0" });
        onProgress(events);
      }
      if (faults.length >= atMost) break;
    }
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error;
    faults.push(error);
  } finally {
    known.close();
  }
  return { events, faults };

  function fault(number: number, what: string) {
    faults.push(new BadArchive(number, what));
  }
}

/** Compares the index, line by line, with what the events before it have shown. */
function indexCheck(known: Pick<Unfinished, "conversations" | "blocks">) {
  const conversations = known.conversations();
  const blocks = known.blocks();
  let end: number | undefined;
  return (line: IndexLine): boolean => {
    if ("conversations" in line)
      return line.conversations.every(([key, places]) => {
        const { value } = conversations.next();
        return value?.[0] === key && value[1].join() === places.join();
      });
    if ("blocks" in line)
      return line.blocks.every(([at, bytes, first, last]) => {
        const { value } = blocks.next();
        const follows = end === undefined || at === end;
        end = at + bytes;
        return follows && value?.first === first && value.last === last;
      });
    return conversations.next().done === true && blocks.next().done === true;
  };
}
