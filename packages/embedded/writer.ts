/**
 * The one thread that writes. It takes a batch of writes, makes them one transaction and one fsync
 * (WAL, synchronous=FULL), and says so. The main thread stays free for sockets meanwhile.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { renew } from "./renew.ts";
import { type FlatWrites, schema, writes } from "./schema.ts";

const { path } = workerData as { path: string };
const database = new DatabaseSync(path);
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
// A split of a page out of order makes SQLite look through its whole cache at the commit: a small one is quicker.
database.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192;");
renew(database);
database.exec(schema);

const prepared = new Map<string, { statement: StatementSync; arity: number }>();
for (const [name, sql] of Object.entries(writes))
  prepared.set(name, { statement: database.prepare(sql), arity: sql.split("?").length - 1 });

/** What the main thread asks for; after a checkpoint the WAL starts over. */
type Order =
  | { readonly writes: FlatWrites; readonly checkpoint: boolean }
  | { readonly close: true };

parentPort?.on("message", (order: Order) => {
  if ("close" in order) {
    database.close();
    parentPort?.postMessage({ closed: true });
    parentPort?.close();
    return;
  }
  try {
    write(order.writes);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    parentPort?.postMessage({ error: String(error) });
    return;
  }
  try {
    if (order.checkpoint) database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } catch {
    // The group is durable all the same; to call it failed would have it decided again.
  }
  parentPort?.postMessage({});
});

function write(batch: FlatWrites) {
  database.exec("BEGIN");
  for (let at = 0; at < batch.length; ) {
    const write = prepared.get(batch[at] as string);
    if (!write) throw new Error(`no such write: ${batch[at]}`);
    write.statement.run(...batch.slice(at + 1, at + 1 + write.arity));
    at += 1 + write.arity;
  }
  database.exec("COMMIT");
}
parentPort?.postMessage({ ready: true });
