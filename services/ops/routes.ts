import type { Log } from "@holdline/embedded";
import type { Event } from "@holdline/events";
import { type Ingress, redrive } from "@holdline/runtime";
import * as z from "zod";
import { listed } from "../dead-letters.ts";
import type { WebhookDoor } from "../doors/webhook.ts";
import type { RefeedDoor } from "../refeed/door.ts";
import type { Metrics } from "./metrics.ts";
import { BadRequest, type Reply, type Request, type Routes } from "./server.ts";

export interface OpsParts {
  /** Every dead letter there ever was. */
  readonly letters: () => readonly Event[] | Promise<readonly Event[]>;
  /** Answers `GET /events`. */
  readonly events: (request: Request) => Reply;
  readonly ingress: Ingress;
  readonly metrics: Metrics;
  /** What flows and bots invoke, by name. */
  readonly functions: Readonly<Record<string, (event: unknown) => Promise<object>>>;
  /** What carriers call by HTTP; nothing where it is not served. */
  readonly webhooks?: WebhookDoor;
  /** What was recorded and never run, taken in again. Of the log alone. */
  readonly refeed?: RefeedDoor;
  /** How far each stage has come in a conversation, and whose pipeline this is: for `holdline why`. */
  readonly standing: (key: string) => object | Promise<object>;
  /** What is up, for /healthz. Throws or answers `ok: false` when it is not. */
  readonly health: () => { readonly ok: boolean };
}

/** What can be asked of a running pipeline. */
export function opsRoutes(parts: OpsParts): Routes {
  const { letters, events, ingress, metrics, functions, webhooks, health, standing, refeed } =
    parts;
  return {
    "GET /healthz": () => {
      const state = health();
      return { status: state.ok ? 200 : 503, json: state };
    },
    "GET /metrics": async () => ({
      text: await metrics.text(),
      type: "text/plain; version=0.0.4; charset=utf-8",
    }),
    "GET /events": events,
    "GET /progress/:key": async ({ parameters }) => ({
      json: await standing(parameters.key ?? ""),
    }),
    "GET /dlq": async () => ({ json: (await letters()).map(listed) }),
    "GET /dlq/:id": async ({ parameters }) => ({
      json: letterOf(await letters(), parameters.id),
    }),
    "POST /dlq/:id/redrive": async ({ parameters }) => {
      const letter = letterOf(await letters(), parameters.id);
      try {
        return { json: { redriven: (await redrive(ingress, letter)) === "new" } };
      } catch (error) {
        throw new BadRequest(error instanceof Error ? error.message : "it can't be redriven", 409);
      }
    },
    ...(refeed && {
      "POST /refeed": async ({ query, json }: Request) => ({
        json: await refeed(json(), { look: query.has("look") }),
      }),
    }),
    "POST /functions/:name": async ({ parameters, json }) => {
      const invoked = new Map(Object.entries(functions)).get(parameters.name ?? "");
      if (!invoked) throw new BadRequest(`there is no function ${parameters.name}`, 404);
      try {
        return { json: await invoked(json()) };
      } catch (error) {
        if (error instanceof z.ZodError)
          throw new BadRequest(`not an event of ${parameters.name}: ${z.prettifyError(error)}`);
        throw error;
      }
    },
    ...(webhooks && {
      "POST /webhooks/:channel": async ({ parameters, path, headers, body }: Request) => {
        const { channel = "" } = parameters;
        const answer = await webhooks(channel, { method: "POST", path, headers, body }, Date.now());
        return { ...answer, text: answer.body };
      },
    }),
  };
}

function letterOf(letters: readonly Event[], id: string | undefined): Event {
  const letter = letters.find((event) => event.id === id);
  if (!letter)
    throw new BadRequest(`there is no dead letter ${id}; see \`holdline dlq list\``, 404);
  return letter;
}

export const Follow = z.enum(["0", "1"]).default("0");
const Range = z.strictObject({
  from: z.coerce.number().int().positive().optional(),
  follow: Follow,
});

/** Events as lines of JSON, from an offset on or from now, and on as they happen when asked to follow. */
export function eventsOf(log: Log, { query }: Request): Reply {
  const range = Range.safeParse(Object.fromEntries(query));
  if (!range.success) throw new BadRequest(z.prettifyError(range.error));
  const { from = log.end, follow } = range.data;
  return {
    async stream(response, signal) {
      let next = from;
      for (;;) {
        for (const { off, event } of log.read(next, 500)) {
          response.write(`${JSON.stringify({ off, event })}\n`);
          next = off + 1;
        }
        if (next < log.end && !signal.aborted) {
          if (response.writableNeedDrain) await happened(response, "drain", signal);
          continue;
        }
        if (follow === "0" || signal.aborted) return;
        await new Promise<void>((resolve) => {
          const heard = new AbortController();
          const done = () => {
            heard.abort();
            resolve();
          };
          log.onAppend(done, heard.signal);
          signal.addEventListener("abort", done, { once: true });
        });
      }
    },
  };
}

/** Waits until something happens, or there is nobody any more to wait for it. */
export const happened = (
  emitter: { once(name: string, listener: () => void): unknown },
  name: string,
  signal: AbortSignal,
) =>
  new Promise<void>((resolve) => {
    emitter.once(name, resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
