import type { DatabaseSync } from "node:sqlite";
import { schema } from "./schema.ts";

/** Brings a file of version 0.1 up to date, in one transaction: it had the conversation's key in every row. */
export function renew(database: DatabaseSync): void {
  const columns = database.prepare("SELECT name FROM pragma_table_info('events')").all();
  if (!columns.some(({ name }) => name === "key")) return;
  console.error(
    "The data folder is of version 0.1 and is brought up to date: 20 s for a million events, once.",
  );
  database.exec(`
    BEGIN IMMEDIATE;
    -- One that was killed while it was made may have some of its tables only.
    CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    ALTER TABLE events RENAME TO earlier_events;
    ALTER TABLE records RENAME TO earlier_records;
    DROP INDEX IF EXISTS conversation;
    DROP INDEX IF EXISTS dead_letters;
    ${schema}
    INSERT INTO conversations (key) SELECT key FROM earlier_events GROUP BY key ORDER BY min(off);
    INSERT OR IGNORE INTO conversations (key) SELECT substr(id, instr(id, '/') + 1) FROM earlier_records;
    INSERT INTO events
      SELECT off, number, topic, body FROM earlier_events JOIN conversations USING (key) ORDER BY off;
    INSERT INTO records
      SELECT substr(id, 1, instr(id, '/') - 1), number, body
      FROM earlier_records JOIN conversations ON key = substr(id, instr(id, '/') + 1);
    DROP TABLE earlier_events;
    DROP TABLE earlier_records;
    COMMIT`);
}
