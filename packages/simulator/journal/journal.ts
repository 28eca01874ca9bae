import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";

/** One transaction on its way to the writer thread. */
export interface Batch {
  readonly wipes: readonly string[];
  readonly changes: readonly (readonly [kind: string, id: string, body: string | undefined])[];
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

  let changes = new Map<string, Change>();
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
      changes: [...changes.values()].map(
        ({ kind, id, value }) =>
          [kind, id, value === undefined ? undefined : JSON.stringify(value)] as const,
      ),
    };
    writing = waiting;
    changes = new Map();
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
  const record = (kind: string, id: string, value: unknown) => {
    changes.set(`${kind}\u0000${id}`, { kind, id, value });
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
      const rows = loaded.get(kind) ?? [];
      loaded.delete(kind);
      for (const [id, body] of rows) yield [id, JSON.parse(body)] as const;
    },
    put: record,
    remove: (kind, id) => record(kind, id, undefined),
    wipe(kind) {
      for (const [key, change] of changes) if (change.kind === kind) changes.delete(key);
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

function readAll(file: string): Map<string, [id: string, body: string][]> {
  const byKind = new Map<string, [string, string][]>();
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    db.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS record (
        kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
      ) WITHOUT ROWID;
    `);
    for (const row of db.prepare("SELECT kind, id, body FROM record ORDER BY kind, id").iterate()) {
      const kind = String(row.kind);
      const rows = byKind.get(kind) ?? [];
      byKind.set(kind, rows);
      rows.push([String(row.id), String(row.body)]);
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
