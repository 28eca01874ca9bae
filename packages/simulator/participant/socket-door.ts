import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import type { Conversations } from "../chat/conversations.ts";
import { type Connection, SOCKETS_PER_PARTICIPANT, type Sockets } from "../chat/sockets.ts";
import type { World } from "../world.ts";

// API Gateway's limits for a WebSocket: 128 KB a message, ten minutes without a frame.
const LARGEST_FRAME_BYTES = 128 * 1024;
const IDLE_MS = 10 * 60_000;
// A customer who opens a socket and never subscribes is connected too, only nobody hears what is said.
const UNSUBSCRIBED_ARRIVAL_MS = 1_000;

const Frame = z.object({ topic: z.string(), content: z.unknown().optional() });
const Topics = z.object({ topics: z.array(z.string()).min(1) });

/** The participant service's WebSocket: where a customer's client hears the chat. */
export interface SocketDoor {
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The door for upgrades on the simulator's port. */
export function socketDoor(
  world: World,
  sockets: Sockets,
  conversations: Conversations,
): SocketDoor {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_FRAME_BYTES,
    clientTracking: false,
  });

  const refuse = (socket: WebSocket) => {
    socket.on("error", () => socket.terminate());
    // The words of API Gateway: a frame without a topic, which clients take for an unhealthy connection.
    socket.send(edgeFrame("Forbidden"));
    socket.close(1008, "Forbidden");
  };
  const accept = (socket: WebSocket, chatId: string, closesAt: number | undefined) => {
    const connection: Connection = {
      socket,
      chatId,
      subscribed: false,
      lastSeenMs: Date.now(),
      held: undefined,
      timers: [],
    };
    const idleMs = world.scaled(IDLE_MS);
    const watchIdle = () => {
      const idleAt = connection.lastSeenMs + idleMs;
      if (Date.now() >= idleAt) socket.close(1001, "Going away");
      else connection.timers[1] = world.timers.at(idleAt, watchIdle);
    };
    connection.timers.push(
      world.timers.at(closesAt ?? Number.MAX_SAFE_INTEGER, () => socket.close(1001, "Going away")),
      world.timers.after(idleMs, watchIdle),
      world.timers.after(UNSUBSCRIBED_ARRIVAL_MS, () => arrive(chatId)),
    );
    sockets.add(connection);
    socket.on("close", () => sockets.drop(connection));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => {
      connection.lastSeenMs = Date.now();
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[]);
      if (isBinary) socket.close(1003, "Text frames only");
      else hear(connection, bytes.toString());
    });
  };
  const arrive = (chatId: string) => {
    if (world.chats.find(chatId)?.state === "created") conversations.arrive(chatId);
  };
  const hear = (connection: Connection, text: string) => {
    const frame = parsed(text);
    const { socket } = connection;
    if (!frame) {
      socket.send(edgeFrame("Forbidden"));
      return;
    }
    switch (frame.topic) {
      case "aws/subscribe": {
        const asked = Topics.safeParse(frame.content);
        const topics = asked.success ? asked.data.topics : [];
        const status = topics.length === 1 && topics[0] === "aws/chat" ? "success" : "failure";
        socket.send(JSON.stringify({ topic: "aws/subscribe", content: { status, topics } }));
        if (status === "failure") return;
        connection.subscribed = true;
        arrive(connection.chatId);
        return;
      }
      case "aws/unsubscribe":
        connection.subscribed = false;
        return;
      case "aws/heartbeat":
        socket.send('{"topic":"aws/heartbeat"}');
        return;
      case "aws/ping":
        socket.send('{"topic":"aws/ping","statusCode":200,"statusContent":"OK"}');
        return;
      default:
        socket.send(edgeFrame("Forbidden"));
    }
  };

  return {
    open(request, raw, head) {
      // A client that goes away in the middle of the handshake is nobody's error.
      raw.on("error", () => raw.destroy());
      server.handleUpgrade(request, raw, head, (socket) => {
        const path = request.url?.split("?")[0] ?? "";
        const claims = path.startsWith("/chat/")
          ? world.tokens.read(path.slice("/chat/".length))
          : undefined;
        const chat = claims?.for === "socket" ? world.chats.find(claims.chatId) : undefined;
        if (!claims || !chat || chat.state === "ended") return refuse(socket);
        if ((claims.expiresAt ?? 0) <= Date.now()) return refuse(socket);
        if (sockets.count(chat.id) >= SOCKETS_PER_PARTICIPANT) return refuse(socket);
        accept(socket, chat.id, claims.closesAt);
      });
    },
  };
}

function parsed(text: string): z.infer<typeof Frame> | undefined {
  try {
    const frame = Frame.safeParse(JSON.parse(text));
    return frame.success ? frame.data : undefined;
  } catch {
    return undefined;
  }
}

function edgeFrame(message: string): string {
  return JSON.stringify({ message, connectionId: randomUUID(), requestId: randomUUID() });
}
