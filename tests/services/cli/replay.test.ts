import { execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root } from "../../house/sources.ts";
import { ownFolder } from "../../support/folder.ts";

const run = promisify(execFile);
const program = join(root, "services/holdline.mjs");
const golden = join(root, "tests/archive/golden/v2.ndjson.zst");
const env = {
  HOLDLINE_CONFIG: join(root, "tests/archive/golden/settings.json"),
  HOLDLINE_DATA: "/nowhere",
  PATH: process.env.PATH,
};

const replay = (...args: readonly string[]) =>
  run(process.execPath, [program, "replay", ...args], { env }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({
      status: code as number,
      stdout: `${stdout}`,
      stderr: `${stderr}`,
    }),
  );

describe("holdline replay", { timeout: 120_000 }, () => {
  it.each([
    [["/nowhere"], /there is no \/nowhere/],
    [[golden, "--stage", "nobody"], /there is no stage nobody; the stages are ingest, classify/],
    [[golden, "--conversation", "c_none"], /holds no conversation that is asked for/],
    [[golden, "--from", "yesterday"], /--from is a time such as/],
    [[golden, "--phone", "12"], /--phone is E.164/],
    [[golden, "--phone", "+14255550100"], /there is no \/nowhere\/secret; set HOLDLINE_SECRET/],
    [[golden, "--nonsense"], /unknown option/],
    [[join(root, "package.json")], /line 1: not/],
  ])("exits 2 where it cannot tell, and says why: %j", async (args, why) => {
    const { status, stdout, stderr } = await replay(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(why);
  });

  it("exits 0 where nothing differs, 1 where something does", async () => {
    const equal = await replay(golden, "--stage", "classify", "--diff");
    expect([equal.status, equal.stdout]).toEqual([
      0,
      expect.stringMatching(/^2 conversations, .* 0 differ/),
    ]);
    const settings = JSON.parse(readFileSync(env.HOLDLINE_CONFIG, "utf8"));
    settings.numbers[0].wording.ended = "Bye.";
    const changed = join(ownFolder(), "changed.json");
    writeFileSync(changed, JSON.stringify(settings));
    const { code, stdout } = await run(
      process.execPath,
      [program, "replay", golden, "--stage", "classify", "--diff"],
      { env: { ...env, HOLDLINE_CONFIG: changed } },
    ).catch((error) => error);
    expect(code).toBe(1);
    expect(stdout).toContain('    + reply.drafted "Bye."');
  });

  it("runs only what was heard in the time that is asked for", async () => {
    const [all, some] = await Promise.all([
      replay(golden, "--json", "--stage", "classify"),
      replay(
        golden,
        "--json",
        "--stage",
        "classify",
        "--from",
        "2026-11-27T16:29:34Z",
        "--to",
        "2026-11-27T16:29:40Z",
      ),
    ]);
    const rows = (stdout: string) => stdout.trimEnd().split("\n").slice(0, -1);
    const within = rows(all.stdout).filter((row) => {
      const { time } = JSON.parse(row).heard;
      return time >= "2026-11-27T16:29:34.000Z" && time <= "2026-11-27T16:29:40.000Z";
    });
    expect(within.length).toBeGreaterThan(2);
    expect(rows(some.stdout)).toEqual(within);
    expect(rows(all.stdout).length).toBeGreaterThan(within.length);
  });

  it("goes step by step, as somebody presses Enter, and stops at q", async () => {
    const stepping = spawn(
      process.execPath,
      [program, "replay", golden, "--stage", "classify", "--step"],
      { env },
    );
    let [stdout, asked] = ["", 0];
    stepping.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    stepping.stderr.on("data", (chunk) => {
      if (!`${chunk}`.includes("Enter")) return;
      asked++;
      stepping.stdin.write(asked < 3 ? "\n" : "q\n");
    });
    await new Promise((resolve) => stepping.once("close", resolve));
    expect(asked).toBe(3);
    expect(stdout.match(/^ {2}knew/gm)).toHaveLength(3);
    expect(stdout).toMatch(
      / {2}hears {3}offer.made\n.*\n(?:.*\n)* {2}learns {2}language: null → "en-US"/,
    );
    expect(stdout).toMatch(/ {2}learns {2}consent: "none" → "given"/);
  });

  it("waits for a debugger, and stops before the first run", async () => {
    const waiting = spawn(
      process.execPath,
      [program, "replay", golden, "--stage", "classify", "--inspect"],
      { env },
    );
    let stdout = "";
    waiting.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    const url = await new Promise<string>((resolve) => {
      waiting.stderr.on("data", (chunk) => {
        const found = /ws:\/\/127\.0\.0\.1:\S+/.exec(`${chunk}`);
        if (found) resolve(found[0]);
      });
    });
    expect(stdout).toBe("");
    const socket = new WebSocket(url);
    const paused = new Promise<{ functionName: string }>((resolve) => {
      socket.onmessage = ({ data }) => {
        const { method, params } = JSON.parse(data);
        if (method === "Debugger.paused") resolve(params.callFrames[0]);
      };
    });
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const say = (id: number, method: string) => socket.send(JSON.stringify({ id, method }));
    say(1, "Debugger.enable");
    say(2, "Runtime.runIfWaitingForDebugger");
    expect(await paused).toMatchObject({ functionName: "replay" });
    expect(stdout).toBe("");
    say(3, "Debugger.resume");
    say(4, "Debugger.disable");
    const ended = new Promise((resolve) => waiting.once("close", resolve));
    // At its end Node waits for the debugger to go.
    await new Promise<void>((resolve) => {
      waiting.stderr.on("data", (chunk) => `${chunk}`.includes("to disconnect") && resolve());
    });
    socket.close();
    await ended;
    expect(stdout).toMatch(/ 0 differ/);
  });
});
