import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a process can be asked, by name. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters of any function are what `any` is for.
type Answers = Readonly<Record<string, (...given: any[]) => unknown>>;

/** A process of our own that answers questions, with its heap to itself. */
export interface Child<Asked extends Answers> {
  ask<Name extends keyof Asked & string>(
    name: Name,
    ...given: Parameters<Asked[Name]>
  ): Promise<Awaited<ReturnType<Asked[Name]>>>;
  stop(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

type Told =
  | { readonly say: string }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly trouble: string };

/** Starts a file that calls `answering`. It ends when this process does, whatever ends that. */
export function child<Asked extends Answers>(file: URL, say: (line: string) => void): Child<Asked> {
  const started = fork(fileURLToPath(file), [], { execArgv: ["--expose-gc"] });
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  started.on("message", (told: Told) => {
    if ("say" in told) return say(told.say);
    const waiting = open.get(told.id);
    open.delete(told.id);
    if ("trouble" in told) waiting?.reject(new Error(told.trouble));
    else waiting?.resolve(told.answer);
  });
  started.on("exit", (code, signal) => {
    for (const { reject } of open.values())
      reject(new Error(`${fileURLToPath(file)} ended with ${signal ?? code}`));
    open.clear();
  });
  const kill = () => started.kill("SIGKILL");
  process.on("exit", kill);

  return {
    ask(name, ...given) {
      const waiting = Promise.withResolvers<unknown>();
      const question: Question = { id: ++asked, name, given };
      open.set(question.id, waiting);
      started.send(question);
      // biome-ignore lint/suspicious/noExplicitAny: what arrives is what the other side's function gave.
      return waiting.promise as Promise<any>;
    },
    async stop() {
      process.off("exit", kill);
      if (started.exitCode !== null || started.signalCode !== null) return;
      const gone = once(started, "exit");
      kill();
      await gone;
    },
  };
}

/** Answers what the process that started this one asks, until that one is gone. */
export function answering(answers: Answers): void {
  process.on("disconnect", () => process.exit());
  // A terminal sends Ctrl-C to all; the one that started this one says what becomes of it.
  process.on("SIGINT", () => {});
  process.on("message", async ({ id, name, given }: Question) => {
    const tell = (told: Told) => process.connected && process.send?.(told);
    try {
      tell({ id, answer: await answers[name]?.(...given) });
    } catch (error) {
      tell({ id, trouble: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
    }
  });
}

/** A line of progress for whoever watches the process that started this one. */
export const sayAbove = (line: string): void => {
  process.send?.({ say: line } satisfies Told);
};
