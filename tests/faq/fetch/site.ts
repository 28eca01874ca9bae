import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A site on loopback that says what a test wants, and remembers what it was asked. */
export interface Site {
  readonly url: string;
  readonly asked: readonly {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  close(): Promise<void>;
}

/** Opens a site. Its /robots.txt is a text, or a status. */
export async function site(
  listener: RequestListener,
  robots: string | number = 404,
): Promise<Site> {
  const asked: { path: string; headers: IncomingMessage["headers"] }[] = [];
  const server: Server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers });
    if (request.url !== "/robots.txt") return listener(request, response);
    response.statusCode = typeof robots === "number" ? robots : 200;
    response.end(typeof robots === "string" ? robots : "");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A page with one pair. */
export const faq = (question: string, answer: string, more = "") =>
  `<!doctype html><html lang="en"><head><title>FAQ</title></head><body><main><h1>FAQ</h1><details><summary>${question}</summary><p>${answer}</p></details>${more}</main></body></html>`;
