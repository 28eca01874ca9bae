import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { checkLiteral, PrivateAddress, publicLookup } from "./address.ts";

/** What one request may cost. */
export interface HopLimits {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly allowPrivate: boolean;
}

/** What one server said, redirects not followed. */
export interface Hop {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** How pages learn who reads them, and what robots.txt may call us. */
export const userAgent = "holdline-faq/0.1 (reads questions and answers; robots.txt: holdline-faq)";

/** Throws where an address is none that is read, wherever it leads. */
export function checkAddress(url: URL): void {
  if (!/^https?:$/.test(url.protocol))
    throw new Error(`leads to ${url.protocol}, which is not read; only http: and https: are`);
  if (url.username || url.password)
    throw new Error("has a name and password in it, and is not read");
}

/** Asks one address once. Throws with what was exceeded or refused. */
export async function hop(
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: HopLimits,
): Promise<Hop> {
  checkAddress(url);
  if (!limits.allowPrivate) checkLiteral(url.hostname);
  const signal = AbortSignal.timeout(limits.milliseconds);
  const { request } = url.protocol === "https:" ? https : http;
  // A connection of its own: the address that was looked at is the one that is spoken to.
  const asked = request(url, {
    ...{ agent: false, signal },
    ...(!limits.allowPrivate && { lookup: publicLookup }),
    headers: { "user-agent": userAgent, "accept-encoding": "gzip, br, deflate", ...headers },
  });
  try {
    asked.end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const flat = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [
        name,
        [value ?? ""].flat().join(", "),
      ]),
    );
    const sent = await bounded(answer, flat["content-length"], limits.bytes);
    return {
      status: answer.statusCode ?? 0,
      headers: flat,
      bytes: await unpacked(sent, flat["content-encoding"], limits.bytes),
    };
  } catch (cause) {
    throw told(cause as Error, signal, limits);
  } finally {
    asked.destroy();
  }
}

function told(error: Error, signal: AbortSignal, { milliseconds }: HopLimits): Error {
  if (signal.aborted)
    return new Error(`not there within ${milliseconds / 1_000} s: given up`, { cause: error });
  // A host with several addresses fails with one error for each.
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner instanceof PrivateAddress || error.message === "" ? inner : error;
}

const tooLarge = (most: number) =>
  new Error(`larger than ${most.toLocaleString("en-US")} bytes: no FAQ is; not read`);

async function bounded(
  body: AsyncIterable<unknown>,
  length: string | undefined,
  most: number,
): Promise<Buffer> {
  if (Number(length) > most) throw tooLarge(most);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const packings: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
};

async function unpacked(bytes: Buffer, coding = "", most: number): Promise<Buffer> {
  const coded = coding.trim().toLowerCase();
  if (coded === "" || coded === "identity" || bytes.length === 0) return bytes;
  const unpack = packings[coded];
  if (!unpack) throw new Error(`packed as ${coded}, which was not asked for`);
  try {
    return await unpack(bytes, { maxOutputLength: most });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(most);
    throw new Error(`what was sent is no whole ${coded}`, { cause });
  }
}
