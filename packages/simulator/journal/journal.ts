import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";

/** One transaction on its way to the writer thread. */
export interface Batch {
  readonly wipes: readonly string[];
  /** A record to write, or the row of one to delete. */
  readonly changes: readonly (
    | readonly [row: number, kind: string, id: string, body: string]
    | number
  )[];
}

/**
 * Keeps what must survive a crash. Writes are grouped: whoever is about to answer a request waits for `settled`,
 * so nothing leaves this process before it is on disk.
 */
export interface Journal {
  /** Everything of one kind that an earlier run left. Asked once, at start. */
  load(kind: string): Iterable<readonly [id: string, value: unknown]>;
  put(kind: string, id: string, value: unknown): void;
  remove(kind: string, id: string): void;
  wipe(kind: string): void;
  /** Resolves when all writes so far are on disk. */
  settled(): Promise<void>;
  /** Calls back when all writes so far are on disk, in the order of asking. */
  afterCommit(run: () => void): void;
  close(): Promise<void>;
}

/** A journal for a simulator that may forget everything when it stops. */
export function memoryJournal(): Journal {
  const done = Promise.resolve();
  return {
    load: () => [],
    put() {},
    remove() {},
    wipe() {},
    settled: () => done,
    afterCommit: (run) => run(),
    close: () => done,
  };
}

type Change = { readonly kind: string; readonly id: string; readonly value: unknown };
type Loaded = { readonly row: number; readonly id: string; readonly body: string };

/** A journal in one SQLite file of `folder`, written by a thread of its own in group commits. */
export async function fileJournal(folder: string): Promise<Journal> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "simulator.sqlite");
  const loaded = readAll(file);
  const worker = new Worker(new URL("./journal-worker.ts", import.meta.url), {
    workerData: { file },
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });

  // Rows are numbered in the order of first writing, so that new ones go to the end of the file: ids are random, and
  // a table ordered by them would touch a page for each record.
  const rows = new Map<string, Map<string, number>>();
  let lastRow = 0;
  for (const [kind, records] of loaded) {
    rows.set(kind, new Map(records.map(({ id, row }) => [id, row])));
    for (const { row } of records) lastRow = Math.max(lastRow, row);
  }
  let changes = new Map<number, Change>();
  let unwritten = new Set<number>();
  let wipes: string[] = [];
  let waiting: (() => void)[] = [];
  let writing: (() => void)[] | undefined;
  let scheduled = false;
  let broken: Error | undefined;
  const rejecting = new Set<(error: Error) => void>();

  const flush = () => {
    scheduled = false;
    if (writing || broken) return;
    if (changes.size === 0 && wipes.length === 0 && waiting.length === 0) return;
    const batch: Batch = {
      wipes,
      changes: Array.from(changes, ([row, { kind, id, value }]) =>
        value === undefined ? row : ([row, kind, id, JSON.stringify(value)] as const),
      ),
    };
    writing = waiting;
    changes = new Map();
    unwritten = new Set();
    wipes = [];
    waiting = [];
    worker.postMessage(batch);
  };
  const schedule = () => {
    if (scheduled || writing) return;
    scheduled = true;
    setImmediate(flush);
  };
  worker.on("message", (message: string) => {
    if (message !== "committed") return;
    const done = writing ?? [];
    writing = undefined;
    for (const run of done) run();
    flush();
  });
  const fail = (error: Error) => {
    broken = new Error("the simulator's journal cannot be written; free the disk and restart", {
      cause: error,
    });
    for (const reject of rejecting) reject(broken);
    rejecting.clear();
  };
  worker.on("error", fail);
  const put = (kind: string, id: string, value: unknown) => {
    const known = rows.get(kind) ?? new Map<string, number>();
    rows.set(kind, known);
    let row = known.get(id);
    if (row === undefined) {
      row = ++lastRow;
      known.set(id, row);
      unwritten.add(row);
    }
    changes.set(row, { kind, id, value });
    schedule();
  };
  const remove = (kind: string, id: string) => {
    const row = rows.get(kind)?.get(id);
    if (row === undefined) return;
    rows.get(kind)?.delete(id);
    // What comes and goes within one group, as many messages do, is never written.
    if (unwritten.delete(row)) changes.delete(row);
    else changes.set(row, { kind, id, value: undefined });
    schedule();
  };
  const afterCommit = (run: () => void) => {
    if (changes.size > 0 || wipes.length > 0) waiting.push(run);
    else if (writing) writing.push(run);
    else run();
  };
  const settled = (): Promise<void> => {
    if (broken) return Promise.reject(broken);
    if (changes.size === 0 && wipes.length === 0 && !writing) return Promise.resolve();
    return new Promise((resolve, reject) => {
      rejecting.add(reject);
      afterCommit(() => {
        rejecting.delete(reject);
        resolve();
      });
    });
  };
  return {
    *load(kind) {
      const records = loaded.get(kind) ?? [];
      loaded.delete(kind);
      for (const { id, body } of records) yield [id, JSON.parse(body)] as const;
    },
    put,
    remove,
    wipe(kind) {
      for (const [row, change] of changes) if (change.kind === kind) changes.delete(row);
      rows.delete(kind);
      wipes.push(kind);
      schedule();
    },
    settled,
    afterCommit,
    async close() {
      if (!broken) {
        await settled();
        const closed = new Promise<void>((resolve) => {
          worker.on("message", (message: string) => {
            if (message === "closed") resolve();
          });
        });
        worker.postMessage("close");
        await closed;
      }
      await worker.terminate();
    },
  };
}

function readAll(file: string): Map<string, Loaded[]> {
  const byKind = new Map<string, Loaded[]>();
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    db.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS record (
        row INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL
      );
    `);
    for (const { row, kind, id, body } of db
      .prepare("SELECT row, kind, id, body FROM record ORDER BY row")
      .iterate()) {
      const records = byKind.get(String(kind)) ?? [];
      byKind.set(String(kind), records);
      records.push({ row: Number(row), id: String(id), body: String(body) });
    }
  } catch (cause) {
    throw new Error(
      `dataDir: cannot open ${file}; is another simulator using this folder? Stop it or give another dataDir.`,
      { cause },
    );
  } finally {
    db?.close();
  }
  return byKind;
}
