/**
 * The one file's tables. `events` is the log and the archive; everything else is what the runtime remembers.
 * Conversations are numbered as they are met: their keys are digests, and rows in the order of those would
 * lie on a page each, which SQLite writes whole. `history` is the log for those who only read.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS conversations (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    off INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS of_conversation ON events (conversation, off);
  CREATE INDEX IF NOT EXISTS dead_letters ON events (off) WHERE topic = 'event';
  CREATE VIEW IF NOT EXISTS history (off, key, body) AS
    SELECT off, key, body FROM events JOIN conversations ON number = conversation;
  CREATE TABLE IF NOT EXISTS records (
    stage TEXT NOT NULL, conversation INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (stage, conversation)
  ) STRICT, WITHOUT ROWID;
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
  meet: "INSERT INTO conversations (number, key) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
  append: "INSERT INTO events (off, conversation, topic, body) VALUES (?, ?, ?, ?)",
  record:
    "INSERT INTO records (stage, conversation, body) VALUES (?, ?, ?) ON CONFLICT (stage, conversation) DO UPDATE SET body = excluded.body",
  mark: "INSERT INTO marks (token, body, expires) VALUES (?, ?, ?) ON CONFLICT (token) DO UPDATE SET body = excluded.body",
  unmark: "DELETE FROM marks WHERE token = ?",
  see: "INSERT INTO seen (id, expires) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
  delay: "INSERT INTO delayed (id, due, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
  undelay: "DELETE FROM delayed WHERE id = ?",
  post: "INSERT INTO outboxes (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
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
