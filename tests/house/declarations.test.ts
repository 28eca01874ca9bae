import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root } from "./sources.ts";

/** Makes every way to the network throw, before anything else is loaded. */
const offline = `
  import net from "node:net";
  import dns from "node:dns";
  import dgram from "node:dgram";
  const refuse = () => { throw new Error("a declaration reached for the network"); };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  net.connect = net.createConnection = refuse;
  for (const name of Object.keys(dns)) if (typeof dns[name] === "function" && name !== "Resolver") dns[name] = refuse;
  for (const name of Object.keys(dns.promises)) if (typeof dns.promises[name] === "function" && name !== "Resolver") dns.promises[name] = refuse;
  dgram.createSocket = refuse;
  globalThis.fetch = refuse;
`;

const run = promisify(execFile);

describe("importing", () => {
  it.each([
    "packages/events/index.ts",
    "packages/runtime/index.ts",
    "packages/channels/index.ts",
    "packages/bots/index.ts",
    "packages/connect/index.ts",
    "packages/embedded/index.ts",
    "services/pipeline.ts",
  ])("%s needs no environment and no network, and leaves nothing running", async (file) => {
    const preload = `data:text/javascript,${encodeURIComponent(offline)}`;
    const { stderr } = await run(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--import", preload, join(root, file)],
      { env: {}, cwd: "/", timeout: 20_000 },
    );
    expect(stderr).toBe("");
  });
});
