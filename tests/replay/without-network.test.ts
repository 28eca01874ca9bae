import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { root } from "../house/sources.ts";

const run = promisify(execFile);
const golden = join(root, "tests/archive/golden/v2.ndjson.zst");
const replay = [join(root, "services/holdline.mjs"), "replay", golden, "--diff"];
const env = {
  HOLDLINE_CONFIG: join(root, "tests/archive/golden/settings.json"),
  PATH: process.env.PATH,
};
/** What is said otherwise on purpose since then is `tests/archive/golden.test.ts`'s to know. */
const replayed = /2 conversations, 127 runs: \d+ equal/;

/** Exit status 1 is a replay that came to its end: something is said otherwise. */
const differing = (program: string, given: readonly string[]) =>
  run(program, [...given], { env }).catch((error: { code: unknown; stdout: string }) => {
    if (error.code !== 1) throw error;
    return { stdout: error.stdout };
  });

describe("a process whose network was taken away", { timeout: 120_000 }, () => {
  it("reaches nothing by any way, loopback included, however it was imported", async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end("there");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const program = join(import.meta.dirname, "reaching-program.ts");
    const { stdout } = await run(process.execPath, ["--no-warnings", program, `${port}`]);
    const [before, ...lines] = stdout.trimEnd().split("\n");
    expect(before).toBe("before: there");
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => !line.endsWith(": NetworkDenied"))).toEqual([]);
    expect(requests).toHaveLength(1);
  });
});

describe("holdline replay", { timeout: 120_000 }, () => {
  it("takes the network away from itself before it runs anything", async () => {
    const preload = `
      const before = globalThis.fetch;
      process.on("exit", () => {
        try { before === fetch ? console.log("fetch is there") : fetch("http://127.0.0.1:9"); }
        catch (error) { console.log("fetch:", error.name); }
      });`;
    const { stdout } = await differing(process.execPath, [
      "--import",
      `data:text/javascript,${encodeURIComponent(preload)}`,
      ...replay,
    ]);
    expect(stdout).toMatch(replayed);
    expect(stdout).toContain("fetch: NetworkDenied");
  });

  it("works where the operating system gives no network at all, not even loopback", async ({
    skip,
  }) => {
    const permitted = await run("unshare", ["-rn", "true"]).then(
      () => undefined,
      (error: Error) => error.message,
    );
    skip(permitted !== undefined, `unshare is not permitted here: ${permitted}`);
    const without = ["-rn", process.execPath];
    const proof = await run("unshare", [
      ...without,
      "-e",
      "require('net').connect(4610, '127.0.0.1').on('error', ({ code }) => console.log(code))",
    ]);
    expect(proof.stdout).toBe("ENETUNREACH\n");
    const { stdout } = await differing("unshare", [...without, ...replay]);
    expect(stdout).toMatch(replayed);
  });
});
