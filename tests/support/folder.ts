import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder of this test's own, gone when it is over; of a whole file's, with `afterAll`. */
export function ownFolder(atTheEnd: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), "holdline-test-"));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
