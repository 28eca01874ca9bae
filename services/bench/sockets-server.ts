import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { answering } from "./sockets-child.ts";
import { contactOf } from "./sockets-token.ts";

// The participant service as three clients need it and no more, so that its own work does not stand
// in the way of theirs. Several ports, since a client has some 28,000 of its own for each.
const ports: number[] = [];
const counts = { sockets: 0, subscribed: 0, beats: 0, opened: 0 };
const answers = {
  subscribed: '{"topic":"aws/subscribe","content":{"status":"success","topics":["aws/chat"]}}',
  heartbeat: '{"topic":"aws/heartbeat"}',
  ping: '{"topic":"aws/ping","statusCode":200,"statusContent":"OK"}',
} as const;
// A signed URL of the service is hundreds of characters, and clients keep it.
const signature = "s".repeat(400);
const words = "Thank you for waiting. ".repeat(22).slice(0, 500);

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  skipUTF8Validation: true,
});

function http(request: IncomingMessage, response: ServerResponse) {
  request.resume();
  request.once("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answerTo(request)));
  });
}

function answerTo({ url: path, headers }: IncomingMessage) {
  if (path === "/participant/transcript") return { InitialContactId: "chat", Transcript: [] };
  if (path !== "/participant/connection") return {};
  const number = ++counts.opened;
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  return {
    Websocket: {
      Url: urlOf(number, contactOf(`${headers["x-amz-bearer"]}`)),
      ConnectionExpiry: inAnHour,
    },
    ConnectionCredentials: { ConnectionToken: `t${number}${signature}`, Expiry: inAnHour },
  };
}

const urlOf = (number: number, contactId: string) =>
  `ws://127.0.0.1:${ports[number % ports.length]}/chat/${contactId}?X-Amz-Signature=${signature}`;

function hear(this: WebSocket, data: Buffer) {
  const frame = data.toString();
  if (frame.includes("aws/heartbeat")) {
    counts.beats += 1;
    this.send(answers.heartbeat);
  } else if (frame.includes("aws/ping")) this.send(answers.ping);
  else if (frame.includes("aws/subscribe")) {
    counts.subscribed += 1;
    this.send(answers.subscribed);
  }
}

function leave() {
  counts.sockets -= 1;
}

const ignore = () => {};
/** Whose chat a socket is: chatjs does not tell items of another one. */
const contacts = new WeakMap<WebSocket, string>();

sockets.on("connection", (socket, { url = "" }) => {
  counts.sockets += 1;
  contacts.set(socket, url.slice(url.lastIndexOf("/") + 1, url.indexOf("?")));
  socket.on("message", hear).on("close", leave).on("error", ignore);
});

/** What the server can be asked. */
const asked = {
  async listen(): Promise<readonly number[]> {
    for (let n = 0; n < 4; n++) {
      const server = createServer({ keepAliveTimeout: 60_000 }, http);
      server.on("upgrade", (request, stream, head) =>
        sockets.handleUpgrade(request, stream, head, (socket) =>
          sockets.emit("connection", socket, request),
        ),
      );
      server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
      await once(server, "listening");
      ports.push((server.address() as AddressInfo).port);
    }
    return ports;
  },
  urls: (count: number) => Array.from({ length: count }, (_, n) => urlOf(n, `chat-${n}`)),
  counts: () => ({ ...counts }),
  /** An agent says 500 bytes in every chat; answers when that began. */
  burst() {
    const beganAt = Date.now();
    let sent = 0;
    for (const socket of sockets.clients) {
      const item = {
        AbsoluteTime: new Date().toISOString(),
        Content: words,
        ContentType: "text/plain",
        Id: `item-${++sent}`,
        Type: "MESSAGE",
        ParticipantId: "agent",
        DisplayName: "Maria",
        ParticipantRole: "AGENT",
        InitialContactId: contacts.get(socket),
        ContactId: contacts.get(socket),
      };
      socket.send(JSON.stringify({ topic: "aws/chat", content: JSON.stringify(item) }));
    }
    return { sent, beganAt };
  },
} as const;

/** What the server in a process of its own can be asked. */
export type Server = typeof asked;

answering(asked);
