import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkSizes, FaqEntry, type FaqTable, intentName, TableMoved } from "@holdline/faq";

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    intent TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (intent, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS latest (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL) STRICT;
`;

/** How long one command waits for another's write: none takes longer than a second. */
const busyMs = 10_000;

/**
 * The FAQ table of a data folder. It is a file of its own, so that a command can change it under a
 * pipeline that runs: SQLite's own locks keep writers apart, and a revision is one transaction.
 */
export function embeddedFaqTable(folder: string): FaqTable {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, "faq.db"), { timeout: busyMs });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  database.exec(schema);
  const latest = database.prepare("SELECT revision FROM latest");
  const all = database.prepare(
    "SELECT body, MAX(revision) FROM entries WHERE revision <= ? GROUP BY intent ORDER BY id",
  );
  const one = database.prepare(
    "SELECT body FROM entries WHERE intent = ? ORDER BY revision DESC LIMIT 1",
  );
  const past = database.prepare(
    "SELECT revision, body FROM entries WHERE intent = ? ORDER BY revision",
  );
  const append = database.prepare(
    "INSERT INTO entries (intent, revision, id, body) VALUES (?, ?, ?, ?)",
  );
  const move = database.prepare(
    "INSERT INTO latest (one, revision) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET revision = excluded.revision",
  );
  const revision = () => Number(latest.get()?.revision ?? 0);
  const read = (body: unknown) => FaqEntry.parse(JSON.parse(String(body)));

  return {
    name: "embedded",
    revision: async () => revision(),
    async state() {
      const as = revision();
      const entries = all.all(as).map(({ body }) => read(body));
      return { revision: as, entries: new Map(entries.map((entry) => [entry.id, entry])) };
    },
    async entry(intent) {
      const found = one.get(intent);
      return found && read(found.body);
    },
    async history(id) {
      const rows = past.all(intentName(id));
      return rows.map(({ body, revision: at }) => ({ ...read(body), revision: Number(at) }));
    },
    async apply(onRevision, entries) {
      checkSizes(entries);
      database.exec("BEGIN IMMEDIATE");
      try {
        if (revision() !== onRevision) throw new TableMoved();
        const next = onRevision + 1;
        for (const entry of entries)
          append.run(intentName(entry.id), next, entry.id, JSON.stringify(entry));
        move.run(next);
        database.exec("COMMIT");
        return next;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => database.close(),
  };
}
