import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as NetServer } from "node:net";
import type { SocketDoor } from "../participant/socket-door.ts";
import type { Log } from "../world.ts";
import { type AwsDoor, send } from "./aws-door.ts";

/** Serves requests under `/_sim/`. */
export interface ControlDoor {
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>;
}

/** The one port: the AWS operations, the WebSocket, and the control door. */
export function httpServer(
  aws: AwsDoor,
  control: ControlDoor,
  sockets: SocketDoor,
  log: Log,
): Server {
  // SDK clients keep connections for long; a server that hangs up first makes them fail now and then.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const pathname = (request.url ?? "/").split("?")[0] ?? "/";
    const door = pathname === "/_sim" || pathname.startsWith("/_sim/") ? control : aws;
    door.serve(request, response, pathname).catch((error) => {
      log(
        { method: request.method, path: pathname, error: String(error?.stack ?? error) },
        "a request broke",
      );
      send(response, 500, "application/json", { message: "The simulator broke; its log tells." });
    });
  });
  server.on("upgrade", (request, socket, head) => sockets.open(request, socket, head));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const body = JSON.stringify({ message: "The request is not HTTP that can be read." });
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return server;
}

/** Opens the port, or says which setting to change. */
export function listen(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === "EADDRINUSE"
          ? `port: ${port} is in use on ${host}; stop what uses it or choose another port`
          : `host, port: cannot listen on ${host}:${port} (${cause.code})`;
      reject(new Error(reason, { cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
