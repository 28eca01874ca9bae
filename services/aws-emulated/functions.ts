import { Worker } from "node:worker_threads";
import type { Invocation, Outcome } from "./function-host.ts";

/** A function of ours, as AWS would have it: code of its own, environment of its own. */
export interface EmulatedFunction {
  invoke(event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface FunctionParts {
  /** The file that `stacks/` names as its handler. */
  readonly file: URL;
  /** The export. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Starts a function. Invocations run side by side, as several instances of it would. */
export function emulatedFunction({
  file,
  name,
  env,
  timeoutMs = 10_000,
}: FunctionParts): EmulatedFunction {
  const worker = new Worker(new URL("./function-host.ts", import.meta.url), {
    workerData: { file: file.href, name },
    env: { ...process.env, ...env },
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let invocations = 0;
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
    invoke(event) {
      const id = ++invocations;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(id, asked);
      worker.postMessage({ id, event, timeoutMs } satisfies Invocation);
      return asked.promise;
    },
    async close() {
      await worker.terminate();
    },
  };
}
