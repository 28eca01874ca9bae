import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { freePorts } from "../free-ports.ts";

const program = fileURLToPath(new URL("../holdline.mjs", import.meta.url));

/** One of our own programs in a process of its own, so that it can be killed. */
export interface Program {
  /** Resolves when it said that it is ready. */
  readonly ready: Promise<void>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
}

/** Starts `holdline <arguments>`; what it prints goes to `logFile`. */
export function ownProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
): Program {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk) => String(chunk).includes(" is ready") && resolve());
    child.once("exit", (code) =>
      reject(new Error(`${args[0]} ended with ${code}; see ${logFile}`)),
    );
  });
  ready.catch(() => {});
  return {
    ready,
    kill: () => gone(child, "SIGKILL"),
    stop: () => gone(child, "SIGTERM"),
  };
}

/** The environment of a stand-in and a pipeline against it: free ports, no quotas, data in `folder`. */
export async function pairEnvironment(folder: string) {
  const [port, opsPort] = await freePorts(2);
  return {
    HOLDLINE_DATA: folder,
    HOLDLINE_QUOTAS: "off",
    HOLDLINE_PORT: `${port}`,
    HOLDLINE_OPS_PORT: `${opsPort}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  };
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
