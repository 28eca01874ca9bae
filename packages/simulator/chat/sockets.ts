import type { WebSocket } from "ws";
import type { Timer } from "../timers.ts";
import type { World } from "../world.ts";
import type { Item } from "./chat.ts";

/** One open socket of a customer. */
export interface Connection {
  readonly socket: WebSocket;
  readonly chatId: string;
  subscribed: boolean;
  lastSeenMs: number;
  /** A frame held back so that the next one overtakes it. */
  held: string | undefined;
  readonly timers: Timer[];
}

/** The open sockets, by chat. Connect allows a participant five. */
export interface Sockets {
  count(chatId: string): number;
  add(connection: Connection): void;
  drop(connection: Connection): void;
  /** Sends an item to every subscribed socket of its chat once it is on disk. */
  show(item: Item): void;
  /** Closes the sockets of one chat, or all. */
  close(code: number, reason: string, chatId?: string): void;
  /** Breaks all connections without a closing handshake, as a network does. */
  cut(): void;
}

/** Connect's hard limit of open sockets for one participant. */
export const SOCKETS_PER_PARTICIPANT = 5;

const OVERTAKE_MS = 200;

/** The sockets of this process. */
export function sockets(world: World): Sockets {
  const byChat = new Map<string, Set<Connection>>();
  const all = function* () {
    for (const connections of byChat.values()) yield* connections;
  };
  const send = (connection: Connection, frame: string) => {
    if (connection.socket.readyState === connection.socket.OPEN) connection.socket.send(frame);
  };
  const deliver = (connection: Connection, frame: string) => {
    const { duplicate, reorder } = world.faults.now;
    if (reorder && connection.held === undefined) {
      connection.held = frame;
      world.timers.after(OVERTAKE_MS, () => release(connection));
      return;
    }
    send(connection, frame);
    if (duplicate) send(connection, frame);
    release(connection);
  };
  const release = (connection: Connection) => {
    const { held } = connection;
    if (held === undefined) return;
    connection.held = undefined;
    send(connection, held);
    if (world.faults.now.duplicate) send(connection, held);
  };
  return {
    count: (chatId) => byChat.get(chatId)?.size ?? 0,
    add(connection) {
      const connections = byChat.get(connection.chatId);
      if (connections) connections.add(connection);
      else byChat.set(connection.chatId, new Set([connection]));
    },
    drop(connection) {
      for (const timer of connection.timers) timer.cancel();
      const connections = byChat.get(connection.chatId);
      connections?.delete(connection);
      if (connections?.size === 0) byChat.delete(connection.chatId);
    },
    show(item) {
      world.journal.afterCommit(() => {
        const connections = byChat.get(item.InitialContactId);
        if (!connections) return;
        // The item is JSON inside JSON: clients parse `content` a second time.
        const frame = JSON.stringify({
          topic: "aws/chat",
          contentType: "application/json",
          content: JSON.stringify(item),
        });
        for (const connection of connections) if (connection.subscribed) deliver(connection, frame);
      });
    },
    close(code, reason, chatId) {
      for (const connection of chatId ? [...(byChat.get(chatId) ?? [])] : [...all()])
        connection.socket.close(code, reason);
    },
    cut() {
      for (const connection of [...all()]) connection.socket.terminate();
    },
  };
}
