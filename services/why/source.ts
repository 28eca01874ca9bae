import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importArchive, openHistory } from "@holdline/archive";
import type { Event } from "@holdline/events";

/** A history to look one conversation up in, wherever it came from. */
export interface Source extends Disposable {
  conversation(key: string): readonly Event[];
  /** The conversation an event is in: reads the history from its beginning. */
  conversationOf(event: string): string | undefined;
}

/** Opens a data folder, an imported history, or an archive. An archive is checked whole before anything is told of it. */
export async function openSource(path: string): Promise<Source> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`there is no ${path}; name a data folder or an archive`);
  if (found.isDirectory()) return source(path, () => {});
  const folder = mkdtempSync(join(tmpdir(), "holdline-why-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await importArchive(path, folder);
    return source(folder, remove);
  } catch (cause) {
    remove();
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function source(folder: string, done: () => void): Source {
  const history = openHistory(folder);
  return {
    conversation: (key) => history.conversation(key),
    conversationOf(id) {
      const spelt = `"id":${JSON.stringify(id)}`;
      for (const page of history.pages())
        for (const { body } of page) {
          // A dead letter holds the event it is about: only the event's own id counts.
          if (!body.includes(spelt)) continue;
          const event = JSON.parse(body) as Event;
          if (event.id === id) return event.key;
        }
      return undefined;
    },
    [Symbol.dispose]() {
      history[Symbol.dispose]();
      done();
    },
  };
}
