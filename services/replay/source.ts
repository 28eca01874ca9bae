import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type History,
  importArchive,
  type OpenArchive,
  openArchive,
  openHistory,
  type Recording,
} from "@holdline/archive";

/** Which conversations of a history are wanted; all, where nothing says. */
export interface Wanted {
  /** Any of these. */
  readonly keys?: readonly string[] | undefined;
  /** Those with an event in this time, both ends included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The conversations of a history, one after the other, wherever it is kept. */
export interface Source extends AsyncDisposable {
  /** The time of the last event of all. */
  readonly end: string;
  recordings(wanted: Wanted): AsyncIterable<Recording>;
}

/** After and before everything. */
const always = { from: "", to: "9" } as const;

/**
 * Opens a data folder, an import, or an archive. Of an archive, what is asked for is found by its index; all
 * of it is checked and put in order first, in a folder that is gone afterwards.
 */
export async function openSource(
  path: string,
  { keys, from, to }: Wanted,
  onProgress: (events: number) => void,
): Promise<Source> {
  if (!statSync(path, { throwIfNoEntry: false })) throw new Error(`there is no ${path}`);
  if (statSync(path).isDirectory()) return inFolder(path);
  if (keys || from !== undefined || to !== undefined) return byIndex(await openArchive(path));
  const folder = mkdtempSync(join(tmpdir(), "holdline-replay-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    await importArchive(path, folder, { onProgress });
    return inFolder(folder, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

function inFolder(folder: string, remove: () => void = () => {}): Source {
  const history = openHistory(folder);
  return {
    ...over(history, history.end),
    async [Symbol.asyncDispose]() {
      history[Symbol.dispose]();
      remove();
    },
  };
}

const byIndex = (archive: OpenArchive): Source => ({
  ...over(archive, archive.end),
  [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
});

function over(from: History | OpenArchive, end: string): Pick<Source, "end" | "recordings"> {
  return {
    end,
    async *recordings(wanted) {
      const { keys = await keysOf(from, wanted) } = wanted;
      if (keys === undefined) {
        if ("recordings" in from) yield* from.recordings();
        return;
      }
      for (const key of keys) {
        const found = await from.recording(key);
        if (found) yield found;
      }
    },
  };
}

async function keysOf(within: History | OpenArchive, wanted: Wanted) {
  if (wanted.from === undefined && wanted.to === undefined) return undefined;
  return within.keysBetween(wanted.from ?? always.from, wanted.to ?? always.to);
}
