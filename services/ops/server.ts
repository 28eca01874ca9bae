import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer: JSON, or text of another kind, or a stream that writes itself. */
export type Reply =
  | { readonly status?: number; readonly json: unknown }
  | { readonly status?: number; readonly text: string; readonly type: string }
  | { readonly stream: (response: ServerResponse, signal: AbortSignal) => Promise<void> };

export interface Request {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path and query as they came. */
  readonly path: string;
  /** Names in lower case; of a name that came twice, the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The body as JSON; nothing when there is none. Throws `BadRequest` when it is not JSON. */
  json(): unknown;
}

/** `GET /dlq/:id`: method and path, with names for the parts that vary. */
export type Routes = Readonly<Record<string, (request: Request) => Promise<Reply> | Reply>>;

/** Thrown for a request that can't be understood; the message goes to whoever asked. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

const mostBytes = 262_144;

export interface OpsServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A small HTTP server for people and their tools: health, metrics, dead letters, the opt-in function. */
export async function opsServer(routes: Routes, host: string, port: number): Promise<OpsServer> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    void answer(routes, request, response, closing.signal);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(
              `port ${port} is in use; stop what uses it, or set HOLDLINE_OPS_PORT to another`,
            )
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
    },
  };
}

async function answer(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
) {
  try {
    const url = URL.parse(request.url ?? "/", "http://ops");
    if (!url) throw new BadRequest("the path is not one of a URL");
    const found = route(routes, request.method ?? "GET", url.pathname);
    if (!found) throw new BadRequest(`there is no ${request.method} ${url.pathname}`, 404);
    const { handle, parameters } = found;
    const body = await bodyOf(request);
    const reply = await handle({
      ...{ parameters, body, query: url.searchParams, path: `${url.pathname}${url.search}` },
      headers: headersOf(request),
      json: () => jsonIn(body),
    });
    if ("stream" in reply) {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      // Whoever follows is to know at once that they are listened to, not with the first event.
      response.flushHeaders();
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      await reply.stream(response, AbortSignal.any([signal, gone.signal]));
      response.end();
      return;
    }
    const isText = "text" in reply;
    response.writeHead(reply.status ?? 200, {
      "content-type": isText ? reply.type : "application/json",
    });
    response.end(isText ? reply.text : `${JSON.stringify(reply.json)}\n`);
  } catch (error) {
    const known = error instanceof BadRequest;
    if (response.headersSent) return response.destroy();
    response.writeHead(known ? error.status : 500, {
      "content-type": "application/json",
      ...(known && error.status === 413 && { connection: "close" }),
    });
    response.end(
      `${JSON.stringify({ error: known ? error.message : "this failed on our side" })}\n`,
    );
  }
}

function route(routes: Routes, method: string, path: string) {
  const given = path.split("/");
  for (const [name, handle] of Object.entries(routes)) {
    const [verb, pattern = ""] = name.split(" ");
    const parts = pattern.split("/");
    if (verb !== method || parts.length !== given.length) continue;
    const parameters: Record<string, string> = {};
    const fits = parts.every((part, at) => {
      const value = given[at] ?? "";
      if (!part.startsWith(":")) return part === value;
      parameters[part.slice(1)] = decoded(value);
      return value !== "";
    });
    if (fits) return { handle, parameters };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadRequest("the path is not properly encoded");
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) throw new BadRequest(`a body may have ${mostBytes} bytes`, 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function jsonIn(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

const headersOf = ({ headersDistinct }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.[0]]));
