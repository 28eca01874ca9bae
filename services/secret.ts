import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = (folder: string) => join(folder, "secret");

/** The key as it is; nothing, where none was made yet. */
export function knownSecret(folder: string, given: string | undefined): string | undefined {
  if (given !== undefined) return given;
  return existsSync(file(folder)) ? readFileSync(file(folder), "utf8").trim() : undefined;
}

/**
 * The key conversations are named by. Made at the first start, readable by the owner alone.
 *
 * Whoever loses it loses every STOP, since nobody is recognised any more: back it up with the store.
 */
export function conversationSecret(folder: string, given: string | undefined): string {
  const known = knownSecret(folder, given);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString("hex");
  // Several processes may start at once: the first one's secret is everybody's, and is never seen half written.
  const part = `${file(folder)}.${process.pid}`;
  writeFileSync(part, `${secret}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(part, file(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(part);
  }
  return readFileSync(file(folder), "utf8").trim();
}

/** The key that is there already, for who only looks. */
export function keptSecret(folder: string, given: string | undefined): string {
  const path = join(folder, "secret");
  if (given === undefined && !existsSync(path))
    throw new Error(
      `there is no ${path}; set HOLDLINE_SECRET or HOLDLINE_DATA to those of the pipeline the history is of`,
    );
  return conversationSecret(folder, given);
}
