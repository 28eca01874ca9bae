import { contentDigest, type FaqEntry, type FaqState, type PastEntry } from "./table.ts";

/** What waits for a person's word. */
export const waitingEntries = ({ entries }: FaqState): readonly FaqEntry[] =>
  [...entries.values()].filter(({ waiting }) => waiting !== null);

/** The entries that make what waits for these ids live, or that leave all as it is for good. */
export function reviewed(
  state: FaqState,
  ids: readonly string[],
  verdict: "approved" | "rejected",
  at: string,
): readonly FaqEntry[] {
  return ids.map((id) => {
    const entry = state.entries.get(id);
    if (!entry?.waiting) throw new Error(`nothing waits for review under ${id}`);
    const { waiting, live } = entry;
    return verdict === "approved"
      ? { ...entry, live: waiting, waiting: null, rejected: null, did: verdict, at }
      : { ...entry, live, waiting: null, rejected: contentDigest(waiting.pair), did: verdict, at };
  });
}

/**
 * The entry that makes an earlier version of a pair live again; without a number, the one before.
 * What is taken back counts as rejected: the page still has it, and the next sync shall not bring it again.
 */
export function rolledBack(past: readonly PastEntry[], number: number | undefined, at: string) {
  const last = past.at(-1);
  if (!last) throw new Error("there is no such pair; faq history lists what there has been of one");
  const versions = new Map(
    past.flatMap(({ live, waiting }) =>
      [live, waiting].flatMap((version) => (version ? [[version.number, version] as const] : [])),
    ),
  );
  const before = past.findLast(({ live }) => live && live.number !== last.live?.number)?.live;
  const wanted = number === undefined ? before : versions.get(number);
  if (!wanted)
    throw new Error(
      number === undefined
        ? `${last.id} has had one version; there is none to go back to`
        : `${last.id} has no version ${number}; it has ${[...versions.keys()].join(", ")}`,
    );
  const { revision: _, ...entry } = last;
  return {
    ...entry,
    ...{ live: wanted, waiting: null, did: "rolled-back" as const, at },
    rejected: contentDigest((last.waiting ?? last.live)?.pair ?? null),
  } satisfies FaqEntry;
}
