import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FlatWrites, Write } from "./schema.ts";

/** The one file of a data folder: reads on this thread, writes grouped on another. */
export interface Database {
  /** Prepares a read. It sees everything a resolved `write` wrote. */
  prepare(sql: string): Read;
  /**
   * Resolves when the writes would survive power loss. Writes asked for while two earlier groups are
   * on their way become the next group; groups keep their order and each is all or nothing.
   */
  write(writes: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}

/** A prepared read. */
export interface Read {
  first(...parameters: readonly (string | number)[]): Row | undefined;
  all(...parameters: readonly (string | number)[]): readonly Row[];
}

export type Row = Readonly<Record<string, unknown>>;

/** Some of those who wait for the same group. */
interface Part {
  readonly settled: Promise<void>;
  readonly settle: (error?: Error) => void;
  waiting: number;
}

interface Group {
  readonly writes: FlatWrites;
  readonly parts: Part[];
}

/** Opens the database of a folder, making it where there is none. Refuses a folder another process has open. */
export async function openDatabase(folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await exclusive(folder);
  const path = join(folder, "holdline.db");
  const worker = new Worker(new URL("./writer.ts", import.meta.url), { workerData: { path } });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  const checkpointer = new Worker(new URL("./checkpointer.ts", import.meta.url), {
    workerData: { path },
  });
  const reader = new DatabaseSync(path, { readOnly: true });

  // One read transaction serves all reads until the next group is durable: beginning one costs
  // system calls, and a snapshot is only too old once something newer was promised.
  let snapshot = false;
  let checkpoint: "none" | "under way" | "nearly done" | "ending" = "none";
  const begin = () => {
    if (!reader.isOpen) throw fatal;
    if (snapshot || checkpoint === "ending") return;
    reader.exec("BEGIN");
    snapshot = true;
  };
  const refresh = () => {
    if (snapshot) reader.exec("COMMIT");
    snapshot = false;
  };

  let next = blankGroup();
  /** What the writer has and has not told of: the one it writes, and the one it goes on with. */
  const underWay: (Group & { readonly ending: boolean })[] = [];
  /** Groups that are durable, or failed, and whose writers have not been told. */
  const settling: { readonly part: Part; readonly error: Error | undefined }[] = [];
  let resuming = false;
  let scheduled = false;
  let written = 0;
  let fatal: Error | undefined;

  const flush = () => {
    scheduled = false;
    if (underWay.length > 1 || next.writes.length === 0) return;
    written += next.writes.length;
    if (written > checkpointAfter && checkpoint === "none") {
      written = 0;
      checkpoint = "under way";
      checkpointer.postMessage("checkpoint");
    }
    const ending = checkpoint === "nearly done";
    if (ending) {
      // A snapshot that is held open would keep the WAL from ever starting over.
      checkpoint = "ending";
      refresh();
    }
    worker.postMessage({ writes: next.writes, checkpoint: ending });
    underWay.push({ ...next, ending });
    next = blankGroup();
  };
  worker.on("message", (answer: { error?: string }) => {
    const error = answer.error === undefined ? undefined : new Error(answer.error);
    const group = underWay.shift();
    for (const part of group?.parts ?? []) settling.push({ part, error });
    if (group?.ending) checkpoint = "none";
    refresh();
    // The disk first: it works on while those who waited go on.
    flush();
    settle();
  });
  checkpointer.on("message", () => {
    checkpoint = "nearly done";
  });
  const failed = (error: Error) => {
    fatal = error;
    for (const { parts } of [...underWay.splice(0), next])
      for (const part of parts) settling.push({ part, error });
    next = blankGroup();
    settle();
  };
  worker.on("error", failed);
  checkpointer.on("error", failed);

  /** Part by part, so that what the first ones write next is on its way before the last ones go on. */
  function settle() {
    const first = settling.shift();
    if (!first) return;
    first.part.settle(first.error);
    if (settling.length > 0 && !resuming) {
      resuming = true;
      setImmediate(() => {
        resuming = false;
        flush();
        settle();
      });
    }
  }

  return {
    prepare(sql) {
      const statement = reader.prepare(sql);
      return {
        first(...parameters) {
          begin();
          return statement.get(...parameters);
        },
        all(...parameters) {
          begin();
          return statement.all(...parameters);
        },
      };
    },
    write(writes) {
      if (fatal) return Promise.reject(fatal);
      if (writes.length === 0) return Promise.resolve();
      for (const write of writes) next.writes.push(...write);
      if (underWay.length < 2 && !scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
      let part = next.parts.at(-1);
      if (!part || part.waiting >= partSize) {
        part = blankPart();
        next.parts.push(part);
      }
      part.waiting++;
      return part.settled;
    },
    async close() {
      for (;;) {
        const waiting = [...underWay, next].flatMap(({ parts }) => parts);
        const last = waiting.at(-1) ?? settling.at(-1)?.part;
        if (!last) break;
        await last.settled.catch(() => {});
      }
      fatal = new Error(`${folder} is closed`);
      refresh();
      // Before the others: the last one to close that may write brings the WAL into the file.
      reader.close();
      const exited = [worker, checkpointer].map(
        (thread) => new Promise((resolve) => thread.once("exit", resolve)),
      );
      checkpointer.postMessage("close");
      worker.postMessage({ close: true });
      await Promise.all(exited);
      lock.close();
    },
  };
}

/** Values written between checkpoints: some megabytes of WAL. */
const checkpointAfter = 25_000;

/** How many of those who wait for one group go on at once. */
const partSize = 64;

const blankGroup = (): Group => ({ writes: [], parts: [] });

function blankPart(): Part {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  return { settled: promise, settle: (error) => (error ? reject(error) : resolve()), waiting: 0 };
}

/** How long a process that is just ending may keep us waiting. */
const lockWaitMs = 5_000;

/** Held for the life of the process and let go by the system when it dies, however it dies. */
async function exclusive(folder: string): Promise<DatabaseSync> {
  const end = Date.now() + lockWaitMs;
  for (;;) {
    const lock = new DatabaseSync(join(folder, "lock.db"), { timeout: 0 });
    try {
      lock.exec(
        "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x)",
      );
      return lock;
    } catch (cause) {
      lock.close();
      if (Date.now() > end)
        throw new Error(
          `${folder} is in use by another Holdline process; stop it, or set HOLDLINE_DATA to another folder`,
          { cause },
        );
      await sleep(50);
    }
  }
}
