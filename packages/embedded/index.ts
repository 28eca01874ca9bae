/**
 * One machine's bus and memory in one file (node:sqlite, WAL, synchronous=FULL): the log transport, which
 * is also the archive, and the state store. A commit of a stage is one transaction over both.
 */

import type { Progress, StateStore } from "@holdline/runtime";
import { conversations } from "./conversations.ts";
import { openDatabase } from "./database.ts";
import { embeddedLog, type Log, type LogOptions } from "./log.ts";
import { embeddedStore, type StoreOptions } from "./store.ts";

export { embeddedFaqTable } from "./faq-table.ts";
export type { Log } from "./log.ts";
export { standingIn } from "./standing.ts";

export interface EmbeddedOptions extends Partial<LogOptions>, Partial<StoreOptions> {
  /** The data folder; made where there is none. One process at a time. */
  readonly folder: string;
}

export interface Embedded extends AsyncDisposable {
  readonly log: Log;
  readonly store: StateStore;
  /** How far a stage has come in a conversation, what is only in memory included. */
  progress(stage: string, key: string): Progress;
  /** Whether the process before this one closed the folder properly; if not, texts may be in flight. */
  readonly wasClean: boolean;
  close(): Promise<void>;
  /** Closes where nothing was taken in: whoever comes next finds the ending this one found. */
  abandon(): Promise<void>;
}

const day = 86_400_000;

/** Opens a data folder: transport and state store over the same file. */
export async function embedded({ folder, ...given }: EmbeddedOptions): Promise<Embedded> {
  const options = {
    atOnce: 512,
    inHand: 20_000,
    tail: 1_000,
    now: Date.now,
    seenForMs: 14 * day,
    marksForMs: 30 * day,
    cached: 100_000,
    outbox: false,
    ...given,
  };
  const database = await openDatabase(folder);
  if (!options.outbox && database.prepare("SELECT 1 FROM outboxes").first()) {
    await database.close();
    throw new Error(
      `${folder} holds events that are still to be published elsewhere: run \`holdline store\` and what publishes for it until they are, or take another folder`,
    );
  }
  const numbers = conversations(database, options.cached);
  const log = embeddedLog(database, numbers, options);
  const { progress, ...store } = embeddedStore(database, numbers, log.append, options);

  const ending = database.prepare("SELECT value FROM facts WHERE name = 'ending'").first();
  const wasClean = ending === undefined || ending.value === "clean";
  await database.write([["fact", "ending", "unclean"]]);
  const expire = () =>
    void database
      .write([
        ["expireSeen", options.now()],
        ["expireMarks", options.now()],
      ])
      .catch(() => {});
  const expiring = setInterval(expire, 60_000);
  expiring.unref();

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= shut("clean");
    return closed;
  };
  const abandon = () => {
    closed ??= shut(wasClean ? "clean" : "unclean");
    return closed;
  };
  async function shut(ending: "clean" | "unclean") {
    clearInterval(expiring);
    await database.write([["fact", "ending", ending]]);
    await database.close();
  }
  return { log, store, progress, wasClean, close, abandon, [Symbol.asyncDispose]: close };
}
