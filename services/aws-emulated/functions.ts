import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { Capacity } from "@holdline/dynamodb";
import type { Invocation, Outcome } from "./function-host.ts";

/** A function of ours, as AWS would have it: code of its own, environment of its own. */
export interface EmulatedFunction {
  readonly title: string;
  invoke(event: unknown): Promise<unknown>;
  /** How often it ran and how long, and what it consumed of DynamoDB, by operation. */
  spent(): Promise<Spent>;
  close(): Promise<void>;
}

/** What a function of ours, or the holder, has come to. */
export interface Spent {
  readonly title: string;
  readonly runs: number;
  readonly ms: number;
  readonly capacity: Readonly<Record<string, Capacity>>;
}

export interface FunctionParts {
  /** What it is called where it is listed. */
  readonly title: string;
  /** Told every line it logs. */
  readonly logged?: ((line: string) => void) | undefined;
  /** The file that `stacks/` names as its handler. */
  readonly file: URL;
  /** The export. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Starts a function. Invocations run side by side, as several instances of it would. */
export function emulatedFunction({
  title,
  logged,
  file,
  name,
  env,
  timeoutMs = 10_000,
}: FunctionParts): EmulatedFunction {
  const worker = new Worker(new URL("./function-host.ts", import.meta.url), {
    workerData: { file: file.href, name },
    env: { ...process.env, ...env },
    stdout: logged !== undefined,
    stderr: logged !== undefined,
  });
  if (logged)
    for (const input of [worker.stdout, worker.stderr])
      createInterface({ input }).on("line", logged);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let invocations = 0;
  let runs = 0;
  let ms = 0;
  const ask = (event?: unknown): Promise<unknown> => {
    const id = ++invocations;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(id, asked);
    worker.postMessage({ id, event, timeoutMs } satisfies Invocation);
    return asked.promise;
  };
  worker.on("message", (outcome: Outcome) => {
    const asked = waiting.get(outcome.id);
    waiting.delete(outcome.id);
    if ("error" in outcome) asked?.reject(new Error(outcome.error));
    else asked?.resolve(outcome.answer);
  });
  worker.on("error", (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return {
    title,
    async invoke(event) {
      const began = performance.now();
      runs += 1;
      try {
        return await ask(event);
      } finally {
        ms += performance.now() - began;
      }
    },
    async spent() {
      const capacity = runs > 0 ? ((await ask()) as Spent["capacity"]) : {};
      return { title, runs, ms, capacity };
    },
    async close() {
      await worker.terminate();
    },
  };
}
