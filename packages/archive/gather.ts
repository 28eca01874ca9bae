import { openSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Envelope, type Event } from "@holdline/events";
import type { History } from "./history.ts";
import { inOrder } from "./order.ts";

/** What a transport brought, put in order: a history to export. */
export interface Gathered extends Pick<History, "pages">, Disposable {
  readonly events: number;
  /** Events that came more than once; each is there once. */
  readonly doubled: number;
  /** Bodies that are no event with an envelope of ours: they are left out. */
  readonly unreadable: number;
}

const pragmas = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;";
const schema = `${pragmas}
  CREATE TABLE brought (n INTEGER PRIMARY KEY, key TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE events (off INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
`;
const pageSize = 2_000;

/**
 * Gathers a history from a transport that brings it in any order and any number of times: conversation by
 * conversation, each in an order in which it can have been said. On disk, in a scratch file that goes when
 * the result is disposed of: memory holds a conversation at most.
 *
 * Throws where two events claim one place. What is missing shows when it is exported.
 */
export async function gather(
  source: AsyncIterable<{ readonly bodies: readonly string[] }>,
  scratch: string,
): Promise<Gathered> {
  rmSync(scratch, { force: true });
  // It holds texts and numbers.
  openSync(scratch, "w", 0o600);
  const database = new DatabaseSync(scratch);
  const dispose = () => {
    if (database.isOpen) database.close();
    rmSync(scratch, { force: true });
  };
  try {
    database.exec(schema);
    const unreadable = await takeIn(database, source);
    database.exec("CREATE INDEX conversations ON brought (key)");
    const { events, doubled } = place(database);
    return {
      ...{ events, doubled, unreadable, pages: pagesOf(database, events) },
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function takeIn(
  database: DatabaseSync,
  source: AsyncIterable<{ readonly bodies: readonly string[] }>,
): Promise<number> {
  const insert = database.prepare("INSERT INTO brought (key, body) VALUES (?, ?)");
  let unreadable = 0;
  for await (const { bodies } of source) {
    database.exec("BEGIN");
    for (const body of bodies) {
      const key = keyOf(body);
      if (key === undefined) unreadable++;
      else insert.run(key, body);
    }
    database.exec("COMMIT");
  }
  return unreadable;
}

function keyOf(body: string): string | undefined {
  try {
    return Envelope.parse(JSON.parse(body)).key;
  } catch {
    return undefined;
  }
}

function place(database: DatabaseSync) {
  const keys = database.prepare("SELECT DISTINCT key FROM brought ORDER BY key").all();
  const ofKey = database.prepare("SELECT body FROM brought WHERE key = ? ORDER BY n");
  const insert = database.prepare("INSERT INTO events (body) VALUES (?)");
  let [events, doubled] = [0, 0];
  database.exec("BEGIN");
  for (const { key } of keys) {
    const once = new Map<string, { readonly event: Event; readonly body: string }>();
    for (const row of ofKey.iterate(key as string)) {
      const body = row.body as string;
      const event = JSON.parse(body) as Event;
      const { stream, seq } = event.position;
      const known = once.get(`${stream} ${seq}`);
      if (known && known.event.id !== event.id)
        throw new Error(`two events claim to be ${stream} ${seq}: ${known.event.id}, ${event.id}`);
      if (known) doubled++;
      else once.set(`${stream} ${seq}`, { event, body });
    }
    for (const { body } of inOrder([...once.values()])) insert.run(body);
    events += once.size;
  }
  database.exec("COMMIT; DROP TABLE brought");
  return { events, doubled };
}

function pagesOf(database: DatabaseSync, end: number): Gathered["pages"] {
  const page = database.prepare("SELECT off, body FROM events WHERE off > ? ORDER BY off LIMIT ?");
  return function* pages(after = 0) {
    for (let from = after; from < end; ) {
      const rows = page.all(from, pageSize) as unknown as { off: number; body: string }[];
      const newest = rows.at(-1);
      if (!newest) return;
      yield rows;
      from = newest.off;
    }
  };
}
