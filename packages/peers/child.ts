import type { ChildProcess } from "node:child_process";

/** Ends a child when this process ends, however politely it is told to; answers how to let the child be. */
export function endsWithUs(child: ChildProcess): () => void {
  const kill = () => child.kill("SIGKILL");
  const signalled = (signal: NodeJS.Signals) => {
    kill();
    letBe();
    // Nobody else listens: go the way this process would have gone without us.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const letBe = () => {
    process.off("exit", kill);
    for (const signal of signals) process.off(signal, signalled);
  };
  process.once("exit", kill);
  for (const signal of signals) process.once(signal, signalled);
  return letBe;
}
