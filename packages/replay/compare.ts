import { isDeepStrictEqual } from "node:util";
import type { Event } from "@holdline/events";
import type { Recorded } from "./recorded.ts";

/** What is another than it was, of what one run says. */
export type Change =
  | { readonly change: "altered"; readonly past: Event; readonly now: Event }
  | { readonly change: "added"; readonly now: Event }
  | { readonly change: "dropped"; readonly past: Event };

/** Something a run says now, and as it would be written. */
export interface Said {
  readonly event: Event;
  readonly body: string;
}

/** Every byte the same; a transport that respells JSON may put its members in another order. */
const same = (now: Said, past: Recorded): boolean =>
  now.body === past.body || isDeepStrictEqual(JSON.parse(now.body), JSON.parse(past.body));

/** What differs between what a run says now and what it said then; nothing where not a byte does. */
export function changes(now: readonly Said[], past: readonly Recorded[]): readonly Change[] {
  const byId = new Map(past.map((recorded) => [recorded.event.id, recorded]));
  const isEqual =
    now.length === past.length &&
    now.every((said) => {
      const recorded = byId.get(said.event.id);
      return recorded !== undefined && same(said, recorded);
    });
  if (isEqual) return [];
  const types = new Set([...past, ...now].map(({ event }) => event.type));
  return [...types].flatMap((type) =>
    aligned(
      now.filter(({ event }) => event.type === type),
      past.filter(({ event }) => event.type === type),
    ),
  );
}

/**
 * Lays what is said of one type now beside what was said then: what is the same at both ends is kept, what is
 * left in between was altered, and then added or dropped. So one text more is one text more, though every
 * id and number behind it is another.
 */
function aligned(now: readonly Said[], past: readonly Recorded[]): readonly Change[] {
  const least = Math.min(now.length, past.length);
  const alike = (a: Said | undefined, b: Recorded | undefined) =>
    a !== undefined && b !== undefined && isDeepStrictEqual(contentOf(a.event), contentOf(b.event));
  let head = 0;
  while (head < least && alike(now[head], past[head])) head++;
  let tail = 0;
  while (tail < least - head && alike(now.at(-1 - tail), past.at(-1 - tail))) tail++;
  const [ours, theirs] = [now.slice(head, now.length - tail), past.slice(head, past.length - tail)];
  const found = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, n): Change => {
    const [now, past] = [ours[n]?.event, theirs[n]?.event];
    if (now && past) return { change: "altered", past, now };
    return now ? { change: "added", now } : { change: "dropped", past: past as Event };
  });
  if (now.length !== past.length || found.length > 0) return found;
  // The same was said, with other effects, at another time or under another name.
  return now.flatMap((said, n): readonly Change[] => {
    const recorded = past[n];
    if (!recorded || same(said, recorded)) return [];
    return [{ change: "altered", past: recorded.event, now: said.event }];
  });
}

/** What is said, without the names and numbers it has from its place. */
const contentOf = ({ type, version, data, notBefore }: Event) =>
  JSON.parse(JSON.stringify({ type, version, data, notBefore })) as unknown;

/** Where two events differ: `data.text`, `effects`; members named by dots. */
export function differing(past: unknown, now: unknown, at = ""): readonly string[] {
  if (isDeepStrictEqual(past, now)) return [];
  if (!isPlain(past) || !isPlain(now)) return [at];
  return [...new Set([...Object.keys(past), ...Object.keys(now)])].flatMap((name) =>
    differing(past[name], now[name], at === "" ? name : `${at}.${name}`),
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
