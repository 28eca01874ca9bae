import { readFileSync } from "node:fs";
import { text as textOf } from "node:stream/consumers";

/** The text of a file a command was given, or of standard input where that is `-`. */
export async function givenText(file: string): Promise<string> {
  if (file === "-") return textOf(process.stdin);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be read (${code}); name a file, or - for standard input`, {
      cause,
    });
  }
}
