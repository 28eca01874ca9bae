import { readFileSync } from "node:fs";

/**
 * Ends this process when the one that started it is gone.
 *
 * npm cannot pass on a SIGKILL, and neither can the launcher that brings its own Node: without this, who
 * kills `npm start` that way leaves a pipeline behind that holds the data folder and the ports.
 */
export function dieWithParent(env: NodeJS.ProcessEnv): void {
  if (!env.npm_execpath && !env.HOLDLINE_LAUNCHED) return;
  const started = ancestors();
  const watching = setInterval(() => {
    if (ancestors() !== started) process.kill(process.pid, "SIGKILL");
  }, 200);
  watching.unref();
}

/** Our parent and, where it can be told, the parent's: npm runs us through a shell. */
const ancestors = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** From /proc, as on Linux; the name of a program may hold anything, so what counts is behind its bracket. */
function parentOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? "";
  } catch {
    return "";
  }
}
