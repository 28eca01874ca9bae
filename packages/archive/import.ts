import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "@holdline/events";
import { BadArchive, digest, type Line } from "./format.ts";
import { importedFile, logFile } from "./history.ts";
import { readArchive } from "./read.ts";
import { checked } from "./recording.ts";

export interface ImportOptions {
  /** Told how many events are read, and then how many are in their place, every some thousand. */
  readonly onProgress?: (events: number, doing: "read" | "placed") => void;
}

// Two files, so that what is only needed on the way never is part of the result.
const pragmas = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;";
const linesSchema = `${pragmas}
  CREATE TABLE lines (line INTEGER PRIMARY KEY, key TEXT NOT NULL, chain TEXT NOT NULL, body TEXT NOT NULL) STRICT;
`;
const schema = `${pragmas}
  CREATE TABLE events (off INTEGER PRIMARY KEY, key TEXT NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE cut (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

const every = 10_000;

/**
 * Makes an archive a history that can be looked up by conversation and by time. The lines may come in any
 * order: position restores it. Throws `BadArchive` where an event is missing, doubled or altered, and
 * then the folder is as it was. Answers how many events there are.
 */
export async function importArchive(
  file: string,
  folder: string,
  { onProgress = () => {} }: ImportOptions = {},
): Promise<number> {
  const target = importedFile(folder);
  if (existsSync(target)) throw new Error(`${folder} holds an imported history already`);
  // Whoever reads the folder would take what was imported for what goes on there.
  if (existsSync(logFile(folder)))
    throw new Error(`${folder} is the data folder of a pipeline; name another one to import into`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [part, scratch] = [`${target}.part`, `${target}.lines`];
  const remove = () => {
    for (const path of [part, scratch]) rmSync(path, { force: true });
  };
  remove();
  const lines = new DatabaseSync(scratch);
  const placed = new DatabaseSync(part);
  try {
    lines.exec(linesSchema);
    placed.exec(schema);
    const read = await gather(lines, file, (events) => onProgress(events, "read"));
    lines.exec("CREATE INDEX conversations ON lines (key)");
    place(lines, placed, (events) => onProgress(events, "placed"));
    // Last, because the line of what is missing says more.
    const { events, sum, total } = read;
    if (total.events !== events || total.digest !== sum)
      throw new BadArchive(
        events + 2,
        `the footer tells of ${total.events} events, and not of these ${events}`,
      );
    placed.close();
    lines.close();
    renameSync(part, target);
    return events;
  } finally {
    for (const database of [lines, placed]) if (database.isOpen) database.close();
    remove();
  }
}

async function gather(lines: DatabaseSync, file: string, onProgress: (events: number) => void) {
  const insert = lines.prepare("INSERT INTO lines VALUES (?, ?, ?, ?)");
  const sum = digest();
  const archive = readArchive(file);
  lines.exec("BEGIN");
  for (let events = 0; ; events++) {
    const next = await archive.next();
    if (next.done) {
      lines.exec("COMMIT");
      return { events, sum: sum.toString(), total: next.value };
    }
    const { number, chain, body, event } = next.value;
    sum.add(chain);
    insert.run(number, event.key, chain, body);
    if (events % every === 0) onProgress(events);
  }
}

/** Conversation by conversation, so that one is read in a row and so are all. */
function place(lines: DatabaseSync, placed: DatabaseSync, onProgress: (events: number) => void) {
  const keys = lines.prepare("SELECT DISTINCT key FROM lines ORDER BY key");
  const ofKey = lines.prepare("SELECT line, chain, body FROM lines WHERE key = ?");
  const insert = placed.prepare("INSERT INTO events (key, time, body) VALUES (?, ?, ?)");
  const cut = placed.prepare("INSERT INTO cut VALUES (?)");
  placed.exec("BEGIN");
  let events = 0;
  for (const row of keys.iterate()) {
    const key = row.key as string;
    const found = ofKey.all(key).map((row): Line => {
      const { line: number, chain, body } = row as { line: number; chain: string; body: string };
      return { number, chain, body, event: JSON.parse(body) as Event };
    });
    const { whole, ordered } = checked(found);
    if (!whole) cut.run(key);
    // Dates each no earlier than what came before it, so that a time finds where a conversation stood.
    let latest = "";
    for (const { body, event } of ordered) {
      if (event.time > latest) latest = event.time;
      insert.run(key, latest, body);
      if (++events % every === 0) onProgress(events);
    }
  }
  placed.exec(`
    CREATE INDEX conversation ON events (key, off); CREATE INDEX at_time ON events (time); COMMIT`);
}
