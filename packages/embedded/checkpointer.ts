/**
 * Brings what the WAL holds into the database file while the writer writes on, and says so. Nearly all of
 * a checkpoint is done here; the writer does the few pages that came meanwhile, after which the WAL starts over.
 */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const { path } = workerData as { path: string };
const database = new DatabaseSync(path);
// Its own commits would be none; what it syncs is the file, before the WAL may be overwritten.
database.exec("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");

parentPort?.on("message", (order: "checkpoint" | "close") => {
  if (order === "close") {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } catch {
    // Whatever kept it from this, the writer's own checkpoint comes next.
  }
  parentPort?.postMessage({});
});
