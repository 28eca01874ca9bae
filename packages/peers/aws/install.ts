import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { alone } from "../alone.ts";

/** The version of MiniStack that is run. */
export const emulatorVersion = "1.5.33";

const place = fileURLToPath(
  new URL(`../../../node_modules/.cache/holdline-emulator/${emulatorVersion}/`, import.meta.url),
);
const complete = join(place, "installed");
const run = promisify(execFile);

/**
 * The program of the emulator: installed from PyPI into a folder of its own the first time.
 *
 * Throws where there is no Python 3 with venv, or where PyPI doesn't answer; the error says what to do.
 */
export async function installed(say: (line: string) => void): Promise<string> {
  if (!existsSync(complete)) await alone(place, () => install(say));
  return join(place, "bin/ministack");
}

async function install(say: (line: string) => void): Promise<void> {
  if (existsSync(complete)) return;
  say(`installing MiniStack ${emulatorVersion} from PyPI`);
  rmSync(place, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", place]);
  } catch (cause) {
    throw new Error(
      "the emulator of AWS needs Python 3.10 or later with venv (Debian: python3 and python3-venv)",
      { cause },
    );
  }
  try {
    const pip = ["-m", "pip", "install", "--quiet", `ministack==${emulatorVersion}`];
    await run(join(place, "bin/python"), pip, { timeout: 240_000 });
  } catch (cause) {
    throw new Error(
      `could not install ministack==${emulatorVersion}; PIP_INDEX_URL names another package index`,
      { cause },
    );
  }
  writeFileSync(complete, "");
}
