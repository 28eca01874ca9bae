import { BadArchive, chained, digest } from "./format.ts";
import { readArchive } from "./read.ts";

/** What `verify` found; sound where there are no faults. */
export interface Verdict {
  readonly events: number;
  readonly faults: readonly BadArchive[];
}

/** Faults told before the rest is left unread. */
const atMost = 100;

/** Checks every line, every stream's chain and the total: finds what is missing, doubled, altered or out of order. */
export async function verifyArchive(file: string): Promise<Verdict> {
  const streams = new Map<string, { seq: number; chain: string }>();
  const sum = digest();
  const faults: BadArchive[] = [];
  let events = 0;
  const lines = readArchive(file);
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done) {
        const { value: total } = next;
        if (total.events !== events || total.digest !== sum.toString())
          fault(events + 2, `the footer tells of ${total.events} events, and not of these`);
        break;
      }
      const { number, chain, body, event } = next.value;
      const { stream, seq } = event.position;
      const last = streams.get(stream);
      events++;
      sum.add(chain);
      const wanted = last ? last.seq + 1 : undefined;
      if (wanted !== undefined && seq < wanted)
        fault(number, `${stream} ${seq} is there already, or out of order`);
      else if (wanted !== undefined && seq > wanted)
        fault(number, `${stream} goes from ${wanted - 1} to ${seq}: missing, or out of order`);
      else if (chain !== chained(last?.chain ?? "", body))
        fault(number, `${stream} ${seq} was altered, or what was before it is missing`);
      // What follows is judged by what this line claims: one fault is told once.
      if (wanted === undefined || seq >= wanted) streams.set(stream, { seq, chain });
      if (faults.length >= atMost) break;
    }
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error;
    faults.push(error);
  }
  return { events, faults };

  function fault(number: number, what: string) {
    faults.push(new BadArchive(number, what));
  }
}
