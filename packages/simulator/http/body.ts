import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";

/** The largest request there is: an SQS message of 1 MiB, with room for its quotes. */
export const LARGEST_BODY_BYTES = 1_500_000;

/** A request that cannot be read: what to answer, and why. */
export class Unreadable extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "Unreadable";
    this.status = status;
  }
}

/** The whole body as text, or Unreadable. */
export async function readText(request: IncomingMessage): Promise<string> {
  const body = await readBytes(request, LARGEST_BODY_BYTES);
  if (!isUtf8(body)) throw new Unreadable(400, "The body is not UTF-8.");
  return body.toString("utf8");
}

/** The whole body, which may have so many bytes, or Unreadable. */
export function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most) {
        // The rest is read and dropped, so that the client hears the answer and not a reset.
        chunks.length = 0;
        reject(new Unreadable(413, `The body is larger than ${most} bytes.`));
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on("error", () => reject(new Unreadable(400, "The body ended too early.")));
    request.on("aborted", () => reject(new Unreadable(400, "The body ended too early.")));
  });
}

// An escape in JSON is one whose backslash is not itself escaped.
const CONTROL = /(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcBCeEfF]|1[0-9a-fA-F]))/;
const SURROGATE = /(?<!\\)(?:\\\\)*\\u([dD][89a-fA-F][0-9a-fA-F]{2})/g;

/** A body as JSON, without the characters that no AWS service takes. An empty body is undefined. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable(400, "The body is not JSON.");
  }
  if (text.includes("\\")) {
    if (CONTROL.test(text)) throw new Unreadable(400, "The body has control characters in a text.");
    if (hasLoneSurrogate(text))
      throw new Unreadable(400, "The body has half of a surrogate pair in a text.");
  }
  return value;
}

function hasLoneSurrogate(text: string): boolean {
  let openEnd = -1;
  for (const match of text.matchAll(SURROGATE)) {
    const low = Number.parseInt(match[1] ?? "", 16) >= 0xdc00;
    const start = match.index + match[0].length - 6;
    if (openEnd >= 0 && (!low || start !== openEnd)) return true;
    if (low && openEnd < 0) return true;
    openEnd = low ? -1 : start + 6;
  }
  return openEnd >= 0;
}
