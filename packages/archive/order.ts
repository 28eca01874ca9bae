import { type Event, lineOf } from "@holdline/events";

const place = (stream: string, seq: number) => `${seq} ${stream}`;

/**
 * A conversation's events in an order in which they can have been said, whatever order they come in:
 * a stream by its numbers, an event after its cause and after all that its stage had heard; by time
 * and then by place where none of this decides.
 */
export function inOrder<E extends { readonly event: Event }>(entries: readonly E[]): readonly E[] {
  const byPlace = new Map(
    entries.map((entry) => [place(entry.event.position.stream, entry.event.position.seq), entry]),
  );
  const byId = new Map(entries.map((entry) => [entry.event.id, entry]));
  const ready = entries.toSorted((a, b) => compared(a.event, b.event));
  const done = new Set<E>();
  const ordered: E[] = [];
  for (const entry of ready) add(entry);
  return ordered;

  /** Depth first, without recursion: a conversation may be long. */
  function add(wanted: E) {
    const waiting = [wanted];
    const begun = new Set<E>();
    for (let entry = waiting.at(-1); entry; entry = waiting.at(-1)) {
      const missing = begun.has(entry) ? [] : before(entry).filter((other) => !done.has(other));
      begun.add(entry);
      if (missing.length > 0 && !done.has(entry)) {
        waiting.push(...missing.reverse());
        continue;
      }
      waiting.pop();
      if (done.has(entry)) continue;
      done.add(entry);
      ordered.push(entry);
    }
  }

  function before({ event }: E): E[] {
    const { stream, seq } = event.position;
    const heard = Object.entries(event.heard).map(([line, next]) =>
      byPlace.get(place(`${line}/${event.key}`, next - 1)),
    );
    const cause = event.cause === null ? undefined : byId.get(event.cause);
    const all = [byPlace.get(place(stream, seq - 1)), cause, ...heard];
    return all.filter((entry) => entry !== undefined).sort((a, b) => compared(a.event, b.event));
  }
}

function compared(a: Event, b: Event): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  const [lineA, lineB] = [lineOf(a.position.stream), lineOf(b.position.stream)];
  if (lineA !== lineB) return lineA < lineB ? -1 : 1;
  return a.position.seq - b.position.seq;
}
