import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What a bare run came to. */
export interface BareRun {
  readonly textsPerSecond: number;
  readonly appendsPerSecond: number;
}

/**
 * The least any five-stage pipeline over the same store must do, to compare ours with: each stage reads
 * what the stage before wrote and commits its outputs with its own offset, durably, `batch` at a time.
 * No validation, no order, no dedupe, no state, no effects.
 */
export function bareLoop(texts: readonly string[], batch: number): BareRun {
  const folder = mkdtempSync(join(tmpdir(), "holdline-bare-"));
  const database = new DatabaseSync(join(folder, "bare.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE ev (off INTEGER PRIMARY KEY, conv TEXT, stage INTEGER, body TEXT)");
  database.exec("CREATE INDEX conversation ON ev (conv, off)");
  database.exec("CREATE TABLE place (stage INTEGER PRIMARY KEY, off INTEGER)");
  const append = database.prepare("INSERT INTO ev (conv, stage, body) VALUES (?, ?, ?)");
  const place = database.prepare("INSERT OR REPLACE INTO place VALUES (?, ?)");
  const page = database.prepare(
    "SELECT off, conv, body FROM ev WHERE off > ? AND stage = ? ORDER BY off LIMIT ?",
  );
  const at = [0, 0, 0, 0, 0];
  let done = 0;
  let sent = 0;
  const started = performance.now();
  while (done < texts.length) {
    database.exec("BEGIN");
    for (let n = 0; n < batch && sent < texts.length; n++, sent++)
      append.run(`c-${sent}`, 0, JSON.stringify({ id: sent, text: texts[sent] }));
    database.exec("COMMIT");
    for (let stage = 0; stage < 5; stage++) {
      const rows = page.all(at[stage] ?? 0, stage, batch);
      if (rows.length === 0) continue;
      database.exec("BEGIN");
      for (const { off, conv, body } of rows) {
        const event = JSON.parse(body as string);
        append.run(conv as string, stage + 1, JSON.stringify({ ...event, stage }));
        at[stage] = off as number;
      }
      place.run(stage, at[stage] ?? 0);
      database.exec("COMMIT");
      if (stage === 4) done += rows.length;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const appendsPerSecond = rawAppends(database);
  database.close();
  rmSync(folder, { recursive: true });
  return { textsPerSecond: texts.length / seconds, appendsPerSecond };
}

/** Durable appends of one event each, one after the other: what the disk gives. */
function rawAppends(database: DatabaseSync): number {
  const append = database.prepare("INSERT INTO ev (conv, stage, body) VALUES ('raw', 9, ?)");
  const body = JSON.stringify({ text: "x".repeat(400) });
  const started = performance.now();
  let count = 0;
  for (; performance.now() - started < 1_000; count++) append.run(body);
  return (count * 1_000) / (performance.now() - started);
}
