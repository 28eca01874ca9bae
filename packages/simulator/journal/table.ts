import type { Journal } from "./journal.ts";

/** A map whose every change is journalled. Its values are replaced, never changed in place. */
export interface Table<T> {
  get(id: string): T | undefined;
  put(id: string, value: T): void;
  remove(id: string): void;
  values(): Iterable<T>;
  entries(): Iterable<readonly [string, T]>;
  readonly size: number;
  clear(): void;
}

/** A table of one kind of record, filled with what the journal remembers. */
export function table<T>(journal: Journal, kind: string): Table<T> {
  const rows = new Map<string, T>();
  for (const [id, value] of journal.load(kind)) rows.set(id, value as T);
  return {
    get: (id) => rows.get(id),
    put(id, value) {
      rows.set(id, value);
      journal.put(kind, id, value);
    },
    remove(id) {
      if (rows.delete(id)) journal.remove(kind, id);
    },
    values: () => rows.values(),
    entries: () => rows.entries(),
    get size() {
      return rows.size;
    },
    clear() {
      rows.clear();
      journal.wipe(kind);
    },
  };
}
