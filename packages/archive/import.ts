import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "@holdline/events";
import { BadArchive, chained, digest } from "./format.ts";
import { importedFile } from "./history.ts";
import { inOrder } from "./order.ts";
import { readArchive } from "./read.ts";

const schema = `
  PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
  CREATE TABLE lines (
    stream TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL,
    chain TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (stream, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE placed (key TEXT NOT NULL, time TEXT NOT NULL, nth INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE events (off INTEGER PRIMARY KEY, key TEXT NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL) STRICT;
`;

/**
 * Makes an archive a history that can be looked up by conversation and by time. The lines may come in any
 * order: position restores it. Throws `BadArchive` where an event is missing, doubled or altered, and
 * then the folder is as it was. Answers how many events there are.
 */
export async function importArchive(file: string, folder: string): Promise<number> {
  const target = importedFile(folder);
  if (existsSync(target)) throw new Error(`${folder} holds an imported history already`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = `${target}.part`;
  rmSync(part, { force: true });
  const database = new DatabaseSync(part);
  try {
    database.exec(schema);
    database.exec("BEGIN");
    const { events, sum, total } = await gather(database, file);
    checkChains(database);
    if (total.events !== events || total.digest !== sum)
      throw new BadArchive(
        events + 2,
        `the footer tells of ${total.events} events, and not of these ${events}`,
      );
    database.exec("CREATE INDEX conversations ON lines (key)");
    placeAll(database);
    database.exec(`
      INSERT INTO events (key, time, body) SELECT key, time, body FROM placed ORDER BY time, key, nth;
      DROP TABLE lines; DROP TABLE placed;
      CREATE INDEX conversation ON events (key, off); CREATE INDEX at_time ON events (time);
      COMMIT; VACUUM`);
    database.close();
    renameSync(part, target);
    return events;
  } catch (error) {
    if (database.isOpen) database.close();
    rmSync(part, { force: true });
    throw error;
  }
}

async function gather(database: DatabaseSync, file: string) {
  const insert = database.prepare(
    "INSERT INTO lines (stream, seq, key, line, chain, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const sum = digest();
  const lines = readArchive(file);
  for (let events = 0; ; events++) {
    const next = await lines.next();
    if (next.done) return { events, sum: sum.toString(), total: next.value };
    const { number, chain, body, event } = next.value;
    const { stream, seq } = event.position;
    sum.add(chain);
    const { changes } = insert.run(stream, seq, event.key, number, chain, body);
    if (changes === 0) throw new BadArchive(number, `${stream} ${seq} is there already`);
  }
}

function checkChains(database: DatabaseSync): void {
  const rows = database.prepare(
    "SELECT stream, seq, line, chain, body FROM lines ORDER BY stream, seq",
  );
  let last = { stream: "", seq: 0, chain: "" };
  for (const row of rows.iterate()) {
    const { stream, seq, line, chain, body } = row as unknown as typeof last & {
      readonly line: number;
      readonly body: string;
    };
    const before = last.stream === stream ? last : undefined;
    if (before && seq !== before.seq + 1)
      throw new BadArchive(line, `${stream} goes from ${before.seq} to ${seq}: missing`);
    if (chain !== chained(before?.chain ?? "", body))
      throw new BadArchive(line, `${stream} ${seq} was altered, or what was before it is missing`);
    last = { stream, seq, chain };
  }
}

/** Dates each event no earlier than what came before it in its conversation, so that time can order them all. */
function placeAll(database: DatabaseSync): void {
  const keys = database.prepare("SELECT DISTINCT key FROM lines ORDER BY key");
  const ofKey = database.prepare("SELECT body FROM lines WHERE key = ?");
  const insert = database.prepare("INSERT INTO placed (key, time, nth, body) VALUES (?, ?, ?, ?)");
  for (const { key } of keys.iterate()) {
    const entries = ofKey.all(key as string).map(({ body }) => ({
      body: body as string,
      event: JSON.parse(body as string) as Event,
    }));
    let latest = "";
    for (const [nth, { body, event }] of inOrder(entries).entries()) {
      if (event.time > latest) latest = event.time;
      insert.run(key as string, latest, nth, body);
    }
  }
}
