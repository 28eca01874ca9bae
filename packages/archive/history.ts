import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "@holdline/events";

/** Events as they were written, oldest first. */
type Page = readonly { readonly off: number; readonly body: string }[];

/** A history to read: the log of a data folder, running or not, or an imported archive. Nothing can be written to it. */
export interface History extends Disposable {
  /** Everything there was when reading began, some thousand events at a time. */
  pages(): Iterable<Page>;
  /** One conversation's events, oldest first. */
  conversation(key: string): readonly Event[];
}

/** The file an import makes. Not the log's: no pipeline may take an imported history for its own and run it again. */
export const importedFile = (folder: string): string => join(folder, "history.db");

const pageSize = 2_000;

/** Opens a folder's history. Throws where the folder has none. */
export function openHistory(folder: string): History {
  const path = [importedFile(folder), join(folder, "holdline.db")].find((path) => existsSync(path));
  if (!path) throw new Error(`${folder} holds no history`);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const last = database.prepare("SELECT max(off) AS off FROM events");
  const page = database.prepare(
    "SELECT off, body FROM events WHERE off >= ? AND off <= ? ORDER BY off LIMIT ?",
  );
  const ofKey = database.prepare("SELECT body FROM events WHERE key = ? ORDER BY off");
  return {
    *pages() {
      const end = (last.get()?.off as number | null) ?? 0;
      for (let from = 1; from <= end; ) {
        const rows = page.all(from, end, pageSize) as unknown as Page;
        const newest = rows.at(-1);
        if (!newest) return;
        yield rows;
        from = newest.off + 1;
      }
    },
    conversation: (key) => ofKey.all(key).map(({ body }) => JSON.parse(body as string) as Event),
    [Symbol.dispose]: () => database.close(),
  };
}
