import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { AwsError } from "../aws-error.ts";
import type { World } from "../world.ts";
import { parseJson, readBytes, readText, Unreadable } from "./body.ts";
import { errorNamed, faultName, type Operation, type Service } from "./operation.ts";
import type { Found, Routes } from "./routes.ts";

/** Serves the AWS operations: faults first, then quotas, then the operation itself. */
export interface AwsDoor {
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>;
}

type Plan = "answer" | "never-answer" | "reset-after" | "reset-before";

// A client that waits for an answer that never comes gives up long before.
const NEVER_MS = 120_000;

/** The door that the SDK's clients knock at. */
export function awsDoor(world: World, routes: Routes): AwsDoor {
  const inUse = new Set<string>();

  const perform = async (
    found: Found,
    given: string | Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const { operation, path } = found;
    const { service } = operation;
    const body = typeof given === "string" ? read(service, given) : given;
    const key = operation.exclusive?.(path);
    if (key !== undefined) {
      if (inUse.has(key))
        throw new AwsError("ConflictException", 409, "The session is in use by another request.");
      inUse.add(key);
    }
    try {
      const { delayMs } = world.faults.now;
      if (delayMs) await new Promise<void>((resolve) => world.timers.after(delayMs, resolve));
      if (world.faults.throttles(faultName(operation))) throw service.throttled();
      const { rate } = operation;
      if (rate && !world.quotas.take(rate.bucket, rate.perSecond, rate.burst))
        throw service.throttled();
      const header = request.headers["x-amz-bearer"];
      const bearer = Array.isArray(header) ? header[0] : header;
      return await operation.answer({
        path,
        body,
        bearer,
        query: new URLSearchParams((request.url ?? "").split("?")[1]),
        // Made only when asked for: few operations wait, and aborting is dear.
        get signal() {
          const gone = new AbortController();
          if (response.closed) gone.abort();
          else response.on("close", () => gone.abort());
          return gone.signal;
        },
      });
    } finally {
      if (key !== undefined) inUse.delete(key);
    }
  };

  return {
    async serve(request, response, pathname) {
      const requestId = randomUUID();
      response.setHeader("x-amzn-requestid", requestId);
      const target = request.headers["x-amz-target"];
      const found =
        typeof target === "string"
          ? routes.byTarget(target)
          : routes.byPath(request.method ?? "GET", pathname);
      let given: string | Buffer;
      try {
        const bytes = found?.operation.bytes;
        given = await (bytes === undefined ? readText(request) : readBytes(request, bytes));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        const name =
          error.status === 413 ? "RequestEntityTooLargeException" : "SerializationException";
        return refuse(response, found?.operation, new AwsError(name, error.status, error.message));
      }
      if (!found) return unknown(response, target, request.method, pathname);
      const { operation } = found;
      const plan = planned(world, operation);
      if (plan === "reset-before") {
        cut(request);
        return;
      }
      let answer: unknown;
      let error: AwsError | undefined;
      try {
        if (plan instanceof AwsError) throw plan;
        answer = await perform(found, given, request, response);
      } catch (thrown) {
        if (!(thrown instanceof AwsError)) throw thrown;
        error = thrown;
      }
      // Nothing is told to anybody before it is on disk.
      await world.journal.settled();
      if (plan === "reset-after") {
        cut(request);
        return;
      }
      if (plan === "never-answer") {
        world.timers.after(NEVER_MS, () => cut(request));
        return;
      }
      if (error) refuse(response, operation, error);
      else send(response, operation.status ?? 200, operation.service.contentType, answer);
    },
  };
}

function planned(world: World, operation: Operation): Plan | AwsError {
  const failure = world.faults.failure(faultName(operation));
  switch (failure) {
    case undefined:
      return "answer";
    case "timeout":
      return "never-answer";
    case "reset-after":
    case "reset-before":
      return failure;
    default:
      return errorNamed(operation.service, failure) ?? "answer";
  }
}

function read(service: Service, text: string): unknown {
  try {
    return parseJson(text) ?? {};
  } catch (error) {
    if (error instanceof Unreadable) throw service.malformed(error.message);
    throw error;
  }
}

function refuse(response: ServerResponse, operation: Operation | undefined, error: AwsError): void {
  response.setHeader("x-amzn-errortype", error.name);
  const service = operation?.service;
  for (const [name, value] of Object.entries(service?.errorHeaders?.(error) ?? {}))
    response.setHeader(name, value);
  send(
    response,
    error.status,
    service?.contentType ?? "application/json",
    service?.errorBody(error) ?? { __type: error.name, message: error.message },
  );
}

function unknown(
  response: ServerResponse,
  target: string | string[] | undefined,
  method: string | undefined,
  pathname: string,
): void {
  const what = target ? `operation ${target}` : `route ${method} ${pathname}`;
  refuse(
    response,
    undefined,
    new AwsError("UnknownOperationException", target ? 400 : 404, `The stand-in has no ${what}.`),
  );
}

// Breaks the connection under a request; on HTTP/2 the whole session, as a network would.
function cut(request: IncomingMessage): void {
  const { stream } = request as IncomingMessage & Partial<Pick<Http2ServerRequest, "stream">>;
  if (stream) stream.session?.destroy();
  else request.socket.destroy();
}

/** Sends JSON, or nothing where there is nothing to say, unless the client has gone. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: unknown,
): void {
  const { stream } = response as ServerResponse & Partial<Pick<Http2ServerResponse, "stream">>;
  if (response.destroyed || response.headersSent || stream?.destroyed) return;
  if (status === 204) {
    response.writeHead(status).end();
    return;
  }
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
