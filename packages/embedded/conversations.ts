import type { Database } from "./database.ts";
import { recentValues } from "./recent.ts";
import type { Write } from "./schema.ts";

/** The numbers conversations have in the file, in the order they were met there. */
export interface Conversations {
  /** Its number; one that was not met before gets it with these writes. */
  numberOf(key: string, writes: Write[]): number;
  /** Its number, if it was met. */
  find(key: string): number | undefined;
}

/** Reads and gives out the numbers of an open file; `cached` of them are kept in memory. */
export function conversations(database: Database, cached: number): Conversations {
  const read = database.prepare("SELECT number FROM conversations WHERE key = ?");
  const last = database.prepare("SELECT max(number) AS number FROM conversations").first();
  let next = ((last?.number as number | null) ?? 0) + 1;
  const known = recentValues<number>(cached);
  /** Given out, and not yet seen in the file: said with every write until then, one of which may fail. */
  const given = new Map<string, number>();

  function find(key: string): number | undefined {
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const number = read.first(key)?.number as number | undefined;
    if (number === undefined) return undefined;
    known.set(key, number);
    given.delete(key);
    return number;
  }

  return {
    find,
    numberOf(key, writes) {
      const found = find(key);
      if (found !== undefined) return found;
      const number = given.get(key) ?? next++;
      given.set(key, number);
      writes.push(["meet", number, key]);
      return number;
    },
  };
}
