import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { standingIn } from "@holdline/embedded";
import type { Stage, Standing } from "@holdline/runtime";
import * as z from "zod";
import type { Why } from "./why.ts";

export const whole = z.int().nonnegative();

const Cursor = z.object({
  next: whole,
  passed: z.array(z.tuple([whole, whole])),
  gapSince: z.number().exactOptional(),
  waiting: whole.exactOptional(),
  attempts: z.record(z.string(), whole).exactOptional(),
  trouble: z.object({ seq: whole, code: z.string(), since: z.number() }).exactOptional(),
});

/** How far each stage has come, as a process that runs tells it. */
export const Stages = z.record(
  z.string(),
  z.object({ cursors: z.record(z.string(), Cursor), heldUntil: z.number().nullable() }),
);

/** What `GET /progress/:key` answers over the log: how far each stage has come, and whose pipeline this is. */
const Answer = z.object({ folder: z.string(), stages: Stages });

/** Asks the pipeline that is running, wherever it is; rejects where none answers. */
export type AskPipeline = (path: string) => Promise<Response>;

/**
 * Where the stages stand in a conversation of a data folder: by the pipeline that runs there, else by
 * the folder alone. Nothing where `from` is no data folder.
 */
export async function standingAt(
  from: string,
  key: string,
  stages: readonly Stage[],
  ask: AskPipeline,
): Promise<{ readonly standing: Standing | undefined; readonly seen: Why["seen"] }> {
  if (!existsSync(join(from, "holdline.db"))) return { standing: undefined, seen: "history" };
  const names = stages.map(({ name }) => name);
  const answer = await ask(`/progress/${encodeURIComponent(key)}`)
    .then(async (response) => Answer.safeParse(await response.json()).data)
    .catch(() => undefined);
  // Another folder's pipeline may answer on this port.
  const running = answer?.folder === resolve(from);
  const standing = standingIn(from, key, names, running ? answer.stages : {});
  return { standing, seen: running ? "running" : "stopped" };
}
