import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Does something that only one process of this machine may be at, such as filling a folder they share.
 * The others wait; whoever died at it is waited for no longer.
 */
export async function alone<T>(place: string, step: () => Promise<T>): Promise<T> {
  const lock = `${place.replace(/\/$/, "")}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  while (!taken(lock)) await sleep(200);
  try {
    return await step();
  } finally {
    rmSync(lock, { force: true });
  }
}

function taken(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (holderIsDead(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holderIsDead(lock: string): boolean {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    // Just made, and not yet written.
    if (holder === 0) return false;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
