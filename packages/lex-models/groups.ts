import type { KeptPair } from "@holdline/faq";
import type { Limits } from "./plan.ts";

/** Pairs of one intent: with two utterances each they stay below what an intent takes. */
const pairsPerPart = 500;

/**
 * Which pairs share an intent, so that there are no more intents than allowed: by id, the part of its
 * section. The largest sections first, since each saves most; as few of them as will do.
 */
export function grouped(
  pairs: readonly KeptPair[],
  { intents: most }: Pick<Limits, "intents">,
): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  const sections = [...Map.groupBy(pairs, ({ section = "" }) => section)].sort(
    ([a, those], [b, others]) => others.length - those.length || (a < b ? -1 : 1),
  );
  let count = pairs.length;
  for (const [, members] of sections) {
    if (count <= most) break;
    members.forEach(({ id }, n) => {
      parts.set(id, Math.floor(n / pairsPerPart));
    });
    count -= members.length - Math.ceil(members.length / pairsPerPart);
  }
  if (count > most)
    throw new Error(
      `${pairs.length} pairs in ${sections.length} sections, and a bot takes ${most} intents; give them fewer sections, or make two bots of them`,
    );
  return parts;
}
