import { parentPort, workerData } from "node:worker_threads";
import { awsSurroundings } from "../aws-surroundings.ts";

/** What a function is asked; nothing but what it has consumed of DynamoDB when there is no event. */
export interface Invocation {
  readonly id: number;
  readonly event?: unknown;
  readonly timeoutMs: number;
}
/** What it answered, or the name of its error. */
export type Outcome =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

// One of our functions in a thread with an environment of its own, invoked as Lambda would.
const { file, name } = workerData as { readonly file: string; readonly name: string };
type Handler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<unknown>;
const functions = (await import(file)) as Record<string, Handler>;

parentPort?.on("message", async ({ id, event, timeoutMs }: Invocation) => {
  const until = Date.now() + timeoutMs;
  try {
    if (event === undefined)
      return parentPort?.postMessage({ id, answer: awsSurroundings().capacity() });
    const handler = functions[name];
    if (!handler) throw new Error(`${file} exports no ${name}`);
    const answer = await handler(event, { getRemainingTimeInMillis: () => until - Date.now() });
    parentPort?.postMessage({ id, answer } satisfies Outcome);
  } catch (error) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ id, error: said } satisfies Outcome);
  }
});
