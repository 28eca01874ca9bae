import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DeadLetter, StaleLease, type StateStore } from "@holdline/runtime";
import { type Answered, type Asked, lineByLine, storeMethods } from "./wire.ts";

export interface SharedStoreOptions {
  /** The socket of the process that has the store. */
  readonly path: string;
  /** How long that process may be away (it restarts) before what is asked of it fails. */
  readonly patienceMs?: number;
  /** As the serving process has it: what is held counts as lost after this long without an answer. */
  readonly leaseMs: number;
}

/** A store in another process, and what only one of its users should do at a time. */
export interface SharedStore extends AsyncDisposable {
  readonly store: StateStore;
  /** Says that this process lives; true when another one has gone, or the connection is new. */
  beat(): Promise<boolean>;
  /** Takes a name, or has it already; false when another process has it. */
  hold(name: string): Promise<boolean>;
  /** Gives a name back. */
  release(name: string): Promise<void>;
  /** Says that what is held is in use: whoever has offered it may let go. */
  ready(name: string): Promise<void>;
  /** Offers all it holds to the others, and goes on holding it until they have it; false when nobody is there. */
  offer(): Promise<boolean>;
  /** Which of these another process has taken, and has in use. */
  taken(names: readonly string[]): Promise<readonly string[]>;
  /** Gives all names back. */
  leave(): Promise<void>;
}

interface Line {
  readonly socket: Socket;
  readonly tell: (asked: Asked) => void;
  readonly waiting: Map<number, { resolve: (value: unknown) => void; reject: (e: Error) => void }>;
}

/** How much sooner than the server this side takes what it holds for lost. */
const marginMs = 500;

/**
 * The state store of another process of this machine.
 *
 * What was asked when the connection broke is rejected: it may or may not have been done, as with any
 * store, and the runtime finds out at its next claim. Asking again waits for the process to be back.
 * Rejects when nobody listens at `path` for `patienceMs`.
 */
export async function sharedStore({
  path,
  patienceMs = 10_000,
  leaseMs,
}: SharedStoreOptions): Promise<SharedStore> {
  let line: Promise<Line> | undefined;
  let closed = false;
  let asked = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  const mine = new Set<string>();

  async function connected(): Promise<Line> {
    for (const until = Date.now() + patienceMs; ; await sleep(50)) {
      if (closed) throw new Error("the store's connection is closed");
      try {
        return await opened();
      } catch (cause) {
        if (Date.now() > until)
          throw new Error(`no store answers at ${path}: is \`holdline store\` running?`, { cause });
      }
    }
  }

  async function opened(): Promise<Line> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const waiting: Line["waiting"] = new Map();
    const tell = lineByLine<Answered, Asked>(socket, ({ id, result, error }) => {
      const who = waiting.get(id);
      waiting.delete(id);
      if (error) who?.reject(spokenError(error));
      else who?.resolve(result);
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      line = undefined;
      mine.clear();
      for (const { reject } of waiting.values())
        reject(new Error("the connection to the store broke"));
    });
    return { socket, tell, waiting };
  }

  async function ask(method: string, ...args: readonly unknown[]): Promise<unknown> {
    line ??= connected().catch((error) => {
      line = undefined;
      throw error;
    });
    const { socket, tell, waiting } = await line;
    if (socket.destroyed) throw new Error("the connection to the store broke");
    return new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      tell({ id, method, args });
    });
  }

  const lives = () => Date.now() < heardAt + leaseMs - marginMs;

  async function beat(): Promise<boolean> {
    if (!lives()) mine.clear();
    const at = Date.now();
    const changed = (await ask("beat")) as boolean;
    heardAt = at;
    return changed;
  }

  const methods = storeMethods.map((method) => [
    method,
    (...args: readonly unknown[]) => ask(method, ...args),
  ]);
  await beat();
  return {
    store: { name: "shared", ...Object.fromEntries(methods) } as StateStore,
    beat,
    async hold(name) {
      if (!lives()) return false;
      if (mine.has(name)) return true;
      const won = (await ask("hold", name)) as boolean;
      if (won) mine.add(name);
      return won && lives();
    },
    async release(name) {
      mine.delete(name);
      await ask("letGo", name);
    },
    ready: async (name) => void (await ask("ready", name)),
    offer: async () => (await ask("offer")) as boolean,
    taken: async (names) => (await ask("taken", names)) as readonly string[],
    async leave() {
      await Promise.all([...mine].map((name) => ask("letGo", name)));
      mine.clear();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const open = await line?.catch(() => undefined);
      open?.socket.end();
    },
  };
}

/** Errors that the runtime knows are the same errors here. */
function spokenError({ name, message, code }: NonNullable<Answered["error"]>): Error {
  if (name === "StaleLease") return new StaleLease(message);
  if (name === "DeadLetter") return new DeadLetter(code ?? "bug");
  return new Error(`the store failed: ${message}`);
}
