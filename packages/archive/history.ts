import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "@holdline/events";
import type { Recording } from "./recording.ts";

/** Events as they were written, oldest first. */
type Page = readonly { readonly off: number; readonly body: string }[];

/** A history to read: the log of a data folder, running or not, or an imported archive. Nothing can be written to it. */
export interface History extends Disposable {
  /** How many events there are. */
  readonly events: number;
  /** Everything there was when reading began, behind an offset, some thousand events at a time. */
  pages(after?: number): Iterable<Page>;
  /** One conversation's events, oldest first. */
  conversation(key: string): readonly Event[];
  /** The same as it was written, for a replay; nothing where the history holds none of it. */
  recording(key: string): Recording | undefined;
  /** All conversations, by key. */
  recordings(): Iterable<Recording>;
  /** Conversations with an event between two times, both included. */
  keysBetween(from: string, to: string): readonly string[];
  /** The time of the last event. */
  readonly end: string;
}

/** The file an import makes. Not the log's: no pipeline may take an imported history for its own and run it again. */
export const importedFile = (folder: string): string => join(folder, "history.db");

/** The file of a pipeline's data folder. */
export const logFile = (folder: string): string => join(folder, "holdline.db");

const pageSize = 2_000;

/** Opens a folder's history. Throws where the folder has none. */
export function openHistory(folder: string): History {
  const path = [importedFile(folder), logFile(folder)].find((path) => existsSync(path));
  if (!path) throw new Error(`${folder} holds no history`);
  const isImport = path === importedFile(folder);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const told = isImport ? "events" : "history";
  if (!isImport && !isUpToDate(database)) {
    database.close();
    throw new Error(
      `${folder} was written by an earlier version: start \`holdline serve\` on it once, which brings it up to date`,
    );
  }
  const last = database.prepare("SELECT max(off) AS off FROM events");
  const page = database.prepare(
    "SELECT off, body FROM events WHERE off > ? AND off <= ? ORDER BY off LIMIT ?",
  );
  const ofKey = database.prepare(`SELECT body FROM ${told} WHERE key = ? ORDER BY off`);
  // The log begins with the first event there was.
  const cut = isImport ? database.prepare("SELECT 1 FROM cut WHERE key = ?") : undefined;
  // The log has the time in the event alone.
  const time = isImport ? "time" : "body ->> '$.time'";
  const bodiesOf = (key: string) => ofKey.all(key).map(({ body }) => body as string);
  const keys = database.prepare(
    isImport
      ? "SELECT DISTINCT key FROM events ORDER BY key"
      : "SELECT key FROM conversations WHERE EXISTS (SELECT 1 FROM events WHERE conversation = number) ORDER BY key",
  );

  function recording(key: string): Recording | undefined {
    const bodies = bodiesOf(key);
    return bodies.length > 0 ? { key, whole: cut?.get(key) === undefined, bodies } : undefined;
  }

  return {
    get events() {
      return database.prepare("SELECT count(*) AS n FROM events").get()?.n as number;
    },
    get end() {
      // The log is in the order of time, but for milliseconds.
      const row = isImport
        ? database.prepare("SELECT max(time) AS time FROM events").get()
        : database.prepare(`SELECT ${time} AS time FROM events ORDER BY off DESC LIMIT 1`).get();
      return (row?.time as string | null | undefined) ?? "";
    },
    *pages(after = 0) {
      const end = (last.get()?.off as number | null) ?? 0;
      for (let from = after; from < end; ) {
        const rows = page.all(from, end, pageSize) as unknown as Page;
        const newest = rows.at(-1);
        if (!newest) return;
        yield rows;
        from = newest.off;
      }
    },
    conversation: (key) => bodiesOf(key).map((body) => JSON.parse(body) as Event),
    recording,
    *recordings() {
      for (const { key } of keys.iterate()) yield recording(key as string) as Recording;
    },
    keysBetween: (from, to) =>
      database
        .prepare(
          `SELECT DISTINCT key FROM ${told} WHERE ${time} >= ? AND ${time} <= ? ORDER BY key`,
        )
        .all(from, to)
        .map(({ key }) => key as string),
    [Symbol.dispose]: () => database.close(),
  };
}

const isUpToDate = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'history'").get() !== undefined;
