import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Order } from "./bounded.child.ts";
import type { Extracted } from "./extract.ts";

/** What reading one page may cost. */
export interface Bounds {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** A page that needs more is no FAQ. */
export const defaultBounds: Bounds = { milliseconds: 20_000, megabytes: 512 };

/**
 * Extracts in a process of its own, which is killed when it needs more time or memory than it may: a
 * thread cannot be stopped for sure. Throws with what was exceeded, or with why the page cannot be read.
 */
export function extractBounded(
  html: string,
  {
    source,
    askedAs,
    bounds = defaultBounds,
  }: { source?: string; askedAs?: string; bounds?: Bounds } = {},
): Promise<Extracted> {
  const child = fork(fileURLToPath(new URL("./bounded.child.ts", import.meta.url)), {
    execArgv: [`--max-old-space-size=${bounds.megabytes}`],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    timeout: bounds.milliseconds,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    child.once("message", ({ extracted, wrong }: { extracted: Extracted; wrong?: string }) => {
      if (wrong === undefined) resolve(extracted);
      else reject(new Error(wrong));
    });
    child.once("error", reject);
    child.once("exit", (_, signal) => {
      const { milliseconds, megabytes } = bounds;
      const exceeded = signal === "SIGKILL" ? `${milliseconds / 1_000} s` : `${megabytes} MB`;
      reject(new Error(`needs more than ${exceeded} to be read: given up`));
    });
    const order: Order = { html, source, askedAs, milliseconds: bounds.milliseconds };
    child.send(order, (error) => error && reject(error));
  });
}
