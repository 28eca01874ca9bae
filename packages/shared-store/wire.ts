import type { Socket } from "node:net";
import type { StateStore } from "@holdline/runtime";

/** What can be asked of the store: its methods by name. */
export const storeMethods = [
  "claim",
  "commit",
  "clear",
  "release",
  "peek",
  "mark",
  "begin",
  "done",
  "isSeen",
  "due",
  "dropDelayed",
  "take",
  "keep",
  "kept",
  "forget",
  "keptUnder",
  "remembered",
] as const satisfies readonly (keyof StateStore)[];

/** A line from a client: what to do, and the number its answer will bear. */
export interface Asked {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A line back. Without a result the method answered nothing. */
export interface Answered {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string };
}

/**
 * Calls back with each line of JSON that comes, and answers how to write one: those of a turn go together.
 * Who sends anything else is no process of ours, and is cut off.
 */
export function lineByLine<In, Out>(socket: Socket, heard: (message: In) => void) {
  let rest = "";
  let corked = false;
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    try {
      for (const line of lines) heard(JSON.parse(line) as In);
    } catch {
      socket.destroy();
    }
  });
  return (message: Out): void => {
    if (!corked) {
      corked = true;
      socket.cork();
      queueMicrotask(() => {
        corked = false;
        socket.uncork();
      });
    }
    socket.write(`${JSON.stringify(message)}\n`);
  };
}
