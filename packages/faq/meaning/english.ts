import { readFileSync } from "node:fs";
import { encoderIn, type SentenceEncoder } from "./encoder.ts";

let made: SentenceEncoder | undefined;

/** The encoder for English; its 3.9 MB are read when it is first asked for. */
export function englishEncoder(): SentenceEncoder {
  made ??= encoderIn(readFileSync(new URL("./english.vectors", import.meta.url)), "en");
  return made;
}
