import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it came over the wire. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to do with a request: answer it, never answer it, or cut the connection. */
export type Script =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | "hang"
  | "cut";

/** A service on loopback that answers as told, so that real clients speak their real protocol. */
export async function scriptedHttp() {
  const heard: Heard[] = [];
  let script: Script = { status: 500, body: "no script" };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    if (script === "hang") return;
    if (script === "cut") {
      request.socket.destroy();
      return;
    }
    response.writeHead(script.status, { "content-type": "application/json", ...script.headers });
    response.end(script.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    heard,
    answer(next: Script) {
      script = next;
      heard.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
