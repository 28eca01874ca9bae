/**
 * Ends this process when the one that started it is gone.
 *
 * npm cannot pass on a SIGKILL, and neither can the launcher that brings its own Node: without this, who
 * kills `npm start` that way leaves a pipeline behind that holds the data folder and the ports.
 */
export function dieWithParent(env: NodeJS.ProcessEnv): void {
  if (!env.npm_execpath && !env.HOLDLINE_LAUNCHED) return;
  const parent = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, 200);
  watching.unref();
}
