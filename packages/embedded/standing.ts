import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  blankRecord,
  type Delayed,
  type Progress,
  type StageRecord,
  type Standing,
} from "@holdline/runtime";

/**
 * Where these stages stand in a conversation of a data folder, whether a pipeline runs there or not.
 *
 * Nothing is written. `progress` is what the process that has the folder open knows better than the
 * file: what it has in hand, and commits it keeps in memory. Throws where the folder holds no log.
 */
export function standingIn(
  folder: string,
  key: string,
  stages: readonly string[],
  progress: Readonly<Record<string, Progress>> = {},
): Standing {
  const path = join(folder, "holdline.db");
  if (!existsSync(path)) throw new Error(`${folder} is no data folder`);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const ask = (sql: string, ...parameters: readonly string[]) =>
    database.prepare(sql).all(...parameters);
  try {
    database.exec("BEGIN");
    const said = ask(
      "SELECT off, json_extract(body, '$.id') AS id FROM history WHERE key = ?",
      key,
    );
    const ids = new Set(said.map(({ id }) => id));
    const places = new Map(
      ask("SELECT name, off FROM consumers").map((row) => [row.name, row.off]),
    );
    const marks = ask("SELECT token, body FROM marks");

    const onDisk = (stage: string): Progress => {
      const [row] = ask(
        "SELECT body FROM records JOIN conversations ON number = conversation WHERE stage = ? AND key = ?",
        ...[stage, key],
      );
      const record = row ? (JSON.parse(row.body as string) as StageRecord) : blankRecord;
      return { cursors: record.cursors, heldUntil: null };
    };
    const standing = (stage: string) => {
      const place = (places.get(stage) as number | undefined) ?? 0;
      return {
        ...(progress[stage] ?? onDisk(stage)),
        leftBehind: said.filter(({ off }) => (off as number) < place).length,
        begun: marks.flatMap(({ token, body }) => begun(stage, token as string, body as string)),
      };
    };
    const begun = (stage: string, token: string, body: string) => {
      const [by, event] = token.split("/");
      const { begunAt, times } = JSON.parse(body) as { begunAt?: number; times: number };
      return by === stage && ids.has(event ?? "") && begunAt !== undefined
        ? [{ token, begunAt, times }]
        : [];
    };
    const delayed = ask(
      "SELECT body FROM delayed WHERE json_extract(body, '$.draft.key') = ? ORDER BY due",
      key,
    );
    return {
      stages: Object.fromEntries(stages.map((stage) => [stage, standing(stage)])),
      delayed: delayed.map(({ body }) => JSON.parse(body as string) as Delayed),
    };
  } finally {
    database.close();
  }
}
