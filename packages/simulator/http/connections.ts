import type { Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type Server as NetServer, type Socket } from "node:net";

/** The port, before it is known which HTTP a client speaks on a connection. */
export interface Port {
  readonly server: NetServer;
  /** Lets go of all connections: at once when nobody waits for an answer, else after a moment's grace. */
  hangUp(): void;
}

const GRACE_MS = 250;
const PREFACE = "PRI * HTTP/2.0";

/**
 * One port for HTTP/1.1 and for HTTP/2 without TLS. The Lex V2 client speaks HTTP/2 unless told otherwise, because one
 * of its operations streams; with an `http:` endpoint it begins with HTTP/2's preface and never asks for an upgrade.
 */
export function portFor(http: Server): Port {
  const http2 = createHttp2Server();
  // The same handlers serve both: Node gives HTTP/2 requests the shape of the older ones.
  http2.on("request", (request, response) => http.emit("request", request, response));
  http2.on("sessionError", () => {});
  const open = new Set<Socket>();
  let unanswered = 0;
  http.prependListener("request", (_, response) => {
    unanswered++;
    response.on("close", () => unanswered--);
  });
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      if (first.toString("latin1", 0, PREFACE.length) === PREFACE) {
        // An HTTP/2 session reads what is buffered by itself, and only from a socket that does not flow.
        http2.emit("connection", socket);
      } else {
        http.emit("connection", socket);
        socket.resume();
      }
    });
  });
  return {
    server,
    hangUp() {
      const letGo = () => {
        // What is written already still goes out, such as the closing frames of WebSockets.
        for (const socket of open) socket.destroySoon();
      };
      if (unanswered === 0) letGo();
      else setTimeout(letGo, GRACE_MS);
    },
  };
}
