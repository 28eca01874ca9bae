import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { StateStore } from "@holdline/runtime";
import { holders } from "./holders.ts";
import { type Answered, type Asked, lineByLine, storeMethods } from "./wire.ts";

export interface ServeOptions {
  /** The store, which nobody else has open. */
  readonly store: StateStore;
  /** Where the socket is made; one that a dead process left there is replaced. */
  readonly path: string;
  /** How long a process that went silent keeps what it holds. */
  readonly leaseMs: number;
}

export interface ServedStore {
  /** How many processes are connected. */
  readonly processes: number;
  close(): Promise<void>;
}

/** Linux and macOS keep the path of a socket in about this much (sockaddr_un, 108 and 104 bytes). */
const longestPath = 100;

/** Serves a store to whoever can open the socket: the owner of the folder it is in. */
export async function serveStore({ store, path, leaseMs }: ServeOptions): Promise<ServedStore> {
  if (Buffer.byteLength(path) > longestPath)
    throw new Error(
      `the socket's path is longer than ${longestPath} bytes: ${path}; set HOLDLINE_STORE to a shorter one`,
    );
  const held = holders<Socket>(leaseMs);
  const sockets = new Set<Socket>();
  const known = new Set<string>(storeMethods);

  async function done(socket: Socket, { method, args }: Asked): Promise<unknown> {
    if (method === "hold") return held.hold(String(args[0]), socket);
    if (method === "letGo") return held.letGo(String(args[0]), socket);
    if (method === "ready") return held.ready(String(args[0]), socket);
    if (method === "taken") return held.taken(args[0] as readonly string[], socket);
    if (method === "offer") return held.offer(socket);
    if (method === "beat") return held.beat(socket);
    if (!known.has(method)) throw new Error(`the store has no ${method}`);
    const call = store[method as (typeof storeMethods)[number]] as (
      ...args: readonly unknown[]
    ) => unknown;
    return call(...args);
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    const answer = lineByLine<Asked, Answered>(socket, (asked) => {
      done(socket, asked).then(
        (result) => answer({ id: asked.id, result }),
        (error) => {
          const { name, message, code } = error as Error & { code?: string };
          answer({ id: asked.id, error: { name, message, ...(code !== undefined && { code }) } });
        },
      );
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      held.leave(socket);
    });
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    get processes() {
      return sockets.size;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
