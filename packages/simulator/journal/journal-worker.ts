import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { Batch } from "./journal.ts";

// The one writer. It lives in a thread of its own so that an fsync never holds up sockets and timers.
const port = parentPort;
if (!port) throw new Error("the journal's writer only runs as a worker thread");

const db = new DatabaseSync(workerData.file as string);
db.exec(`
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 8000;
`);
const put = db.prepare("INSERT OR REPLACE INTO record (row, kind, id, body) VALUES (?, ?, ?, ?)");
const remove = db.prepare("DELETE FROM record WHERE row = ?");
const wipe = db.prepare("DELETE FROM record WHERE kind = ?");

port.on("message", (batch: Batch | "close") => {
  if (batch === "close") {
    db.close();
    port.postMessage("closed");
    return;
  }
  db.exec("BEGIN IMMEDIATE");
  for (const kind of batch.wipes) wipe.run(kind);
  for (const change of batch.changes) {
    if (typeof change === "number") remove.run(change);
    else put.run(...change);
  }
  db.exec("COMMIT");
  port.postMessage("committed");
});
// Taking the exclusive lock now, so that a second simulator on this folder fails at start and not at its first write.
db.exec("BEGIN IMMEDIATE; COMMIT");
port.postMessage("ready");
