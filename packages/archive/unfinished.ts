import { existsSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** How far an export has come: what it has to know to go on, and nothing of it in memory for ever. */
export interface Progress {
  /** The offset of the last event that is in the file, in the history it comes from; 0 before the first. */
  readonly off: number;
  /** That event's link: whether it is still the same history. */
  readonly chain: string;
  readonly events: number;
  readonly bytes: number;
  readonly digest: string;
}

/** Where a stream stands. */
export interface Link {
  readonly seq: number;
  readonly chain: string;
}

const schema = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -16384;
  CREATE TABLE IF NOT EXISTS links (stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, chain TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS places (key TEXT NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (key, block)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS blocks (
    n INTEGER PRIMARY KEY, at INTEGER NOT NULL, bytes INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
`;

/** Links kept in memory between two writes, at most. */
const linksKept = 20_000;

/** Blocks told of one conversation at once, at most. */
const placesAtOnce = 10_000;

const none: Progress = { off: 0, chain: "", events: 0, bytes: 0, digest: "0" };

/**
 * What an unfinished export remembers, in a file beside it: links, where conversations are, how far it has
 * come. It is written after the bytes it speaks of are durable, so whoever goes on may believe it.
 */
export function unfinished(path: string) {
  const database = opened(path);
  const readLink = database.prepare("SELECT seq, chain FROM links WHERE stream = ?");
  const writeLink = database.prepare("INSERT OR REPLACE INTO links VALUES (?, ?, ?)");
  const writePlace = database.prepare("INSERT OR IGNORE INTO places VALUES (?, ?)");
  const writeBlock = database.prepare("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)");
  const writeProgress = database.prepare("INSERT OR REPLACE INTO progress VALUES (1, ?)");
  const kept = new Map<string, Link>();
  const fresh = new Map<string, Link>();
  let placed: (readonly [string, number])[] = [];
  let blocked: (readonly [number, number, number, string, string])[] = [];
  const read = database.prepare("SELECT body FROM progress").get();

  function write() {
    database.exec("BEGIN");
    if (kept.size > linksKept) kept.clear();
    for (const [stream, link] of fresh) {
      writeLink.run(stream, link.seq, link.chain);
      kept.set(stream, link);
    }
    for (const place of placed) writePlace.run(...place);
    for (const block of blocked) writeBlock.run(...block);
    fresh.clear();
    placed = [];
    blocked = [];
  }

  return {
    progress: read ? (JSON.parse(read.body as string) as Progress) : none,
    link(stream: string): Link | undefined {
      return (
        fresh.get(stream) ??
        kept.get(stream) ??
        (readLink.get(stream) as unknown as Link | undefined)
      );
    },
    setLink: (stream: string, link: Link) => void fresh.set(stream, link),
    place: (key: string, block: number) => void placed.push([key, block]),
    block: (n: number, at: number, bytes: number, first: string, last: string) =>
      void blocked.push([n, at, bytes, first, last]),
    /** From here on, whoever goes on goes on from `progress`. */
    commit(progress: Progress) {
      write();
      writeProgress.run(JSON.stringify(progress));
      database.exec("COMMIT");
    },
    /** All is told that there is to tell, and can be read. Whoever goes on goes on from the last commit. */
    end: write,
    /** By key; one that is in very many blocks comes several times. */
    *conversations(): Generator<readonly [string, number[]]> {
      let last: readonly [string, number[]] | undefined;
      for (const row of database.prepare("SELECT key, block FROM places").iterate()) {
        const { key, block } = row as unknown as { key: string; block: number };
        if (last?.[0] === key && last[1].length < placesAtOnce) last[1].push(block);
        else {
          if (last) yield last;
          last = [key, [block]];
        }
      }
      if (last) yield last;
    },
    *blocks(): Generator<{ at: number; bytes: number; first: string; last: string }> {
      for (const row of database.prepare("SELECT * FROM blocks ORDER BY n").iterate())
        yield row as unknown as { at: number; bytes: number; first: string; last: string };
    },
    close: () => database.close(),
  };
}

export type Unfinished = ReturnType<typeof unfinished>;

/** Forgets an unfinished export. */
export function forget(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(schema);
  } catch (cause) {
    database.close();
    const busy = existsSync(path) && /locked/.test(String(cause));
    throw busy ? new Error(`another export is writing ${path}; wait for it`, { cause }) : cause;
  }
  return database;
}
