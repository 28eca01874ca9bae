import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "../http/aws-door.ts";
import { parseJson, readText, Unreadable } from "../http/body.ts";
import { matched } from "../http/routes.ts";
import type { ControlDoor } from "../http/server.ts";
import type { World } from "../world.ts";
import { ControlError } from "./control-error.ts";

/** What a handler of the control door is given. */
export interface ControlCall {
  readonly path: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The calls of the control door: `"METHOD /template"` to what answers it. */
export type ControlRoutes = Readonly<Record<string, (call: ControlCall) => unknown>>;

/** Plain HTTP and JSON for people, tests and the console. */
export function controlDoor(world: World, calls: ControlRoutes): ControlDoor {
  const table = Object.entries(calls).map(([route, answer]) => {
    const [method = "", template = ""] = route.split(" ");
    return { method, segments: template.split("/"), answer };
  });
  const find = (method: string, pathname: string) => {
    const given = (pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname).split("/");
    const sameLength = table.filter(({ segments }) => segments.length === given.length);
    const fits = sameLength.flatMap((route) => {
      const path = matched(route.segments, given);
      return path ? [{ ...route, path }] : [];
    });
    const found = fits.find((route) => route.method === method);
    if (found) return found;
    if (fits.length > 0)
      throw new ControlError(
        405,
        `${method} is not possible on ${pathname}`,
        `Use ${fits.map((route) => route.method).join(" or ")}.`,
      );
    throw new ControlError(
      404,
      `there is nothing at ${method} ${pathname}`,
      `The calls are: ${Object.keys(calls).join(", ")}.`,
    );
  };
  const answer = async (request: IncomingMessage, pathname: string) => {
    const text = await readText(request);
    const route = find(request.method ?? "GET", pathname);
    const result = await route.answer({ path: route.path, body: parseJson(text) ?? {} });
    await world.journal.settled();
    return result;
  };
  return {
    async serve(request, response: ServerResponse, pathname) {
      try {
        send(response, 200, "application/json", await answer(request, pathname));
      } catch (error) {
        if (error instanceof ControlError)
          send(response, error.status, "application/json", {
            error: error.message,
            fix: error.fix,
          });
        else if (error instanceof Unreadable)
          send(response, error.status, "application/json", {
            error: error.message,
            fix: "Send a JSON object in UTF-8.",
          });
        else throw error;
      }
    },
  };
}
