import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BadArchive,
  type History,
  importArchive,
  type OpenArchive,
  openArchive,
  openHistory,
  readArchive,
} from "@holdline/archive";
import type { Event } from "@holdline/events";

/** A history to look one conversation up in, wherever it came from. */
export interface Source extends AsyncDisposable {
  /** Nothing where there is no such conversation. */
  conversation(key: string): Promise<readonly Event[] | undefined>;
  /** The conversation an event is in: reads the history from its beginning. */
  conversationOf(event: string): Promise<string | undefined>;
}

/** Opens a data folder, an imported history, or an archive. */
export async function openSource(path: string): Promise<Source> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`there is no ${path}; name a data folder or an archive`);
  return found.isDirectory() ? folderSource(path) : archiveSource(path);
}

const some = (events: readonly Event[]) => (events.length > 0 ? events : undefined);

function folderSource(folder: string): Source {
  const history = openHistory(folder);
  return {
    conversation: async (key) => some(history.conversation(key)),
    conversationOf: async (event) => keyOf(history, event),
    [Symbol.asyncDispose]: async () => history[Symbol.dispose](),
  };
}

/** One conversation is read by the archive's index; without one that fits, the archive is imported. */
async function archiveSource(file: string): Promise<Source> {
  const archive = await byIndex(file);
  let imported: Promise<History> | undefined;
  let folder: string | undefined;
  const remove = () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  const whole = () => {
    imported ??= importedOf();
    return imported;
  };
  async function importedOf() {
    folder = mkdtempSync(join(tmpdir(), "holdline-why-"));
    // Texts and numbers must not stay behind when somebody loses patience.
    process.once("exit", remove);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => process.exit(130));
    await importArchive(file, folder);
    return openHistory(folder);
  }
  return {
    async conversation(key) {
      if (!archive) return some((await told(whole())).conversation(key));
      const recording = await told(archive.recording(key));
      return some((recording?.bodies ?? []).map((body) => JSON.parse(body) as Event));
    },
    conversationOf: (event) => told(keyIn(file, event)),
    async [Symbol.asyncDispose]() {
      await archive?.[Symbol.asyncDispose]();
      (await imported?.catch(() => undefined))?.[Symbol.dispose]();
      remove();
    },
  };

  /** A fault of the archive, with its name. */
  function told<T>(reading: Promise<T>): Promise<T> {
    return reading.catch((cause) => {
      if (!(cause instanceof BadArchive)) throw cause;
      throw new Error(`${file}: ${cause.message}`, { cause });
    });
  }
}

/** The archive by its index; nothing where that is missing, or does not fit. */
async function byIndex(file: string): Promise<OpenArchive | undefined> {
  try {
    return await openArchive(file);
  } catch (error) {
    if (error instanceof BadArchive) return undefined;
    throw error;
  }
}

async function keyIn(file: string, id: string): Promise<string | undefined> {
  for await (const { event } of readArchive(file)) if (event.id === id) return event.key;
  return undefined;
}

function keyOf(history: History, id: string): string | undefined {
  const spelt = `"id":${JSON.stringify(id)}`;
  for (const page of history.pages())
    for (const { body } of page) {
      // A dead letter holds the event it is about: only the event's own id counts.
      if (!body.includes(spelt)) continue;
      const event = JSON.parse(body) as Event;
      if (event.id === id) return event.key;
    }
  return undefined;
}
