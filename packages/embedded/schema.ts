/** The one file's tables. `events` is the log and the archive; everything else is what the runtime remembers. */
export const schema = `
  CREATE TABLE IF NOT EXISTS events (
    off INTEGER PRIMARY KEY, key TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS conversation ON events (key, off);
  CREATE INDEX IF NOT EXISTS dead_letters ON events (off) WHERE topic = 'event';
  CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS marks (
    token TEXT PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS seen_expires ON seen (expires);
  CREATE TABLE IF NOT EXISTS delayed (id TEXT PRIMARY KEY, due TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS delayed_due ON delayed (due);
  CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS consumers (name TEXT PRIMARY KEY, off INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outboxes (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Every write there is, by name: the writer thread prepares each once. */
export const writes = {
  append: "INSERT INTO events (off, key, topic, body) VALUES (?, ?, ?, ?)",
  record:
    "INSERT INTO records (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  mark: "INSERT INTO marks (token, body, expires) VALUES (?, ?, ?) ON CONFLICT (token) DO UPDATE SET body = excluded.body",
  unmark: "DELETE FROM marks WHERE token = ?",
  see: "INSERT INTO seen (id, expires) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
  delay: "INSERT INTO delayed (id, due, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
  undelay: "DELETE FROM delayed WHERE id = ?",
  post: "INSERT INTO outboxes (id, body) VALUES (?, ?)",
  unpost: "DELETE FROM outboxes WHERE id = ?",
  keep: "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  unkeep: "DELETE FROM kept WHERE name = ?",
  consumed:
    "INSERT INTO consumers (name, off) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET off = excluded.off",
  fact: "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  expireMarks: "DELETE FROM marks WHERE expires < ?",
  expireSeen:
    "DELETE FROM seen WHERE id IN (SELECT id FROM seen WHERE expires < ? ORDER BY expires LIMIT 5000)",
} as const;

/** One write: which, and its parameters. */
export type Write = readonly [name: keyof typeof writes, ...parameters: (string | number)[]];

/** Writes one after the other, name then parameters: cheaper to hand to another thread than many small arrays. */
export type FlatWrites = (string | number)[];
