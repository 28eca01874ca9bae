import encodingOf from "html-encoding-sniffer";

const charsetIn = (contentType: string): string | undefined =>
  /charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1];

/**
 * The text of a page: its bytes read as its byte order mark, its server or its head says. Where none
 * does it is UTF-8 if it can be, else Windows-1252, as browsers have it. Throws where it says UTF-8 and is not.
 */
export function decoded(bytes: Uint8Array, contentType = ""): string {
  const label = charsetIn(contentType);
  const found = encodingOf(bytes, {
    ...(label && { transportLayerEncodingLabel: label }),
    defaultEncoding: "x-user-defined",
  });
  if (/^x-user-defined$/i.test(found)) return utf8(bytes) ?? as("windows-1252", bytes);
  if (!/^utf-?8$/i.test(found)) return as(found, bytes);
  const text = utf8(bytes);
  if (text === undefined) throw new Error("says it is UTF-8 and is not: not read");
  return text;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function as(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw new Error(`written in ${encoding}, which cannot be read`, { cause });
  }
}
