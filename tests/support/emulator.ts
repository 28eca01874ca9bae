import { type Emulator, startEmulator } from "@holdline/peers";
import { afterAll, beforeAll } from "vitest";

/** An emulator of AWS for a test file, started before its first test; a run without one fails and says why. */
export function emulator(): { readonly the: Emulator } {
  let started: Emulator | undefined;
  beforeAll(async () => {
    started = await startEmulator((line) => console.log(line));
  }, 300_000);
  afterAll(() => started?.close());
  return {
    get the() {
      if (!started) throw new Error("the emulator is not up yet");
      return started;
    },
  };
}
