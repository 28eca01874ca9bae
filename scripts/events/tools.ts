import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const lock = join(import.meta.dirname, "tools");
const folder = join(root, "node_modules/.cache/asyncapi");

/** Whether what is installed is what our lock file says: it is the last thing to be put there. */
function isInstalled(): boolean {
  const there = join(folder, "installed.json");
  return (
    existsSync(there) &&
    readFileSync(there, "utf8") === readFileSync(join(lock, "package-lock.json"), "utf8")
  );
}

/**
 * AsyncAPI's parser and its page, from a lock file of their own: 250 packages that nothing of ours runs
 * on, so that `npm ci` does not fetch them. Installed where first needed, a quarter of a minute; no
 * package's install script is run. Answers what loads them.
 */
export function asyncapiTools(): NodeJS.Require {
  if (!isInstalled()) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(lock, folder, { recursive: true });
    const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (npm.status !== 0)
      throw new Error(`AsyncAPI's tools could not be installed: ${npm.stderr || npm.error}`);
    cpSync(join(folder, "package-lock.json"), join(folder, "installed.json"));
  }
  return createRequire(join(folder, "package.json"));
}
