import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { refuseTooMany } from "../../../services/bench/sockets-limits.ts";
import { ownFolder } from "../../support/folder.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../../services/holdline.mjs", import.meta.url));
const tiny = ["bench", "sockets", "--chats", "50", "--chatjs", "5"];

/** Who has this process as parent, and their children. */
async function offspring(pid: number): Promise<number[]> {
  const { stdout } = await run("pgrep", ["-P", `${pid}`]).catch(() => ({ stdout: "" }));
  const children = stdout.split("\n").filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(offspring))).flat()];
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("bench sockets", () => {
  test("counts the same for all: connected, beating, heard", { timeout: 90_000 }, async () => {
    const cwd = ownFolder();
    await run(process.execPath, [program, ...tiny], { cwd });
    const { figures } = JSON.parse(readFileSync(`${cwd}/bench-results/sockets.json`, "utf8"));
    const counted = { holder: 50, "holder alone": 50, "bare ws": 50, chatjs: 5 };
    for (const [name, chats] of Object.entries(counted)) {
      expect(figures[`${name}: chats connected`]).toBe(chats);
      expect(figures[`${name}: messages heard after the burst`]).toBe(chats);
      const sent = figures[`${name}: heartbeats sent`];
      expect(figures[`${name}: heartbeats answered in time`]).toBe(sent);
      // Those of chatjs come every ten seconds, whatever is asked for.
      if (name !== "chatjs") expect(sent).toBeGreaterThanOrEqual(chats);
    }
  });

  test("leaves nobody behind when it is interrupted", { timeout: 60_000 }, async () => {
    const bench = spawn(process.execPath, [program, ...tiny], { cwd: ownFolder() });
    const lines = createInterface({ input: bench.stdout });
    await new Promise((resolve) => lines.once("line", resolve));
    const children = await offspring(bench.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    bench.kill("SIGINT");
    await new Promise((resolve) => bench.once("exit", resolve));
    await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  test("says which limit is too low, and how to raise it", () => {
    expect(() => refuseTooMany(10_000, 4_096)).toThrow(/nofile\) is 4096.*Raise the hard limit/s);
    expect(() => refuseTooMany(10_000, 20_000)).not.toThrow();
  });
});
