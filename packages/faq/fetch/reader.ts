import { setTimeout as wait } from "node:timers/promises";
import type { PageCache } from "./cache.ts";
import { decoded } from "./decoded.ts";
import { checkAddress, type Hop, type HopLimits, hop } from "./hop.ts";
import { type Robots, robotsOf } from "./robots.ts";

/** How pages are read: what each may cost, and how often a site is asked. */
export interface ReaderOptions {
  readonly bytes?: number;
  readonly milliseconds?: number;
  /** Between two requests to one site. */
  readonly paceMs?: number;
  /** Lets addresses be read that are not on the public internet. */
  readonly allowPrivate?: boolean;
  readonly cache?: PageCache;
  /** How it waits for its turn. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** A page as it was read. */
export interface ReadPage {
  readonly html: string;
  /** Its address, redirects followed. */
  readonly url: string;
  /** Whether the site said that it is as it was. */
  readonly unchanged: boolean;
}

/** Reads one page, politely. Throws with the reason where it cannot or must not be read. */
export type PageReader = (address: string) => Promise<ReadPage>;

/** What reading a page may cost and how often a site is asked, where nobody says otherwise. */
export const readerDefaults = { bytes: 5_000_000, milliseconds: 20_000, paceMs: 1_000 };

const redirectsMost = 5;
const redirects = [301, 302, 303, 307, 308];

/** Reads pages as their sites want it: after robots.txt, slowly, and only what changed where there is a cache. */
export function pageReader({ cache, sleep = wait, ...options }: ReaderOptions = {}): PageReader {
  const { paceMs, ...costs } = { ...readerDefaults, ...options };
  const limits: HopLimits = { ...costs, allowPrivate: options.allowPrivate ?? false };
  const nextAt = new Map<string, number>();
  const robots = new Map<string, Promise<Robots>>();

  async function paced(url: URL, headers: Record<string, string>, delayMs: number): Promise<Hop> {
    const now = performance.now();
    const at = Math.max(now, nextAt.get(url.host) ?? 0);
    nextAt.set(url.host, at + Math.max(paceMs, delayMs));
    if (at > now) await sleep(at - now);
    return hop(url, headers, limits);
  }

  async function readRobots(origin: string): Promise<Robots> {
    let url = new URL("/robots.txt", origin);
    for (let followed = 0; followed <= redirectsMost; followed++) {
      const answer = await hop(url, {}, limits);
      const next = answer.headers.location;
      if (!redirects.includes(answer.status) || !next) return robotsOf(url, answer);
      url = new URL(next, url);
    }
    return { allows: () => true, delayMs: 0 };
  }

  function robotsFor({ origin }: URL): Promise<Robots> {
    const known = robots.get(origin) ?? readRobots(origin);
    robots.set(origin, known);
    return known;
  }

  return async (address) => {
    let url = new URL(address);
    for (let followed = 0; followed <= redirectsMost; followed++) {
      url.hash = "";
      checkAddress(url);
      const { allows, delayMs } = await robotsFor(url);
      if (!allows(url)) throw new Error(`robots.txt of ${url.host} does not allow ${url.pathname}`);
      const known = cache?.stored(url);
      const answer = await paced(url, conditions(known), delayMs);
      const next = answer.headers.location;
      if (redirects.includes(answer.status) && next) {
        url = new URL(next, url);
        continue;
      }
      if (answer.status === 304 && known) {
        const html = decoded(Buffer.from(known.body, "base64"), known.contentType);
        return { html, url: url.href, unchanged: true };
      }
      return { html: pageIn(answer, url), url: url.href, unchanged: false };
    }
    throw new Error(`led on more than ${redirectsMost} times: given up`);
  };

  function pageIn({ status, headers, bytes }: Hop, url: URL): string {
    if (status !== 200) throw new Error(`the server says ${status}`);
    const contentType = headers["content-type"] ?? "";
    const looksLikeHtml =
      contentType === "" && /^\s*<(!doctype|html)/i.test(bytes.toString("latin1", 0, 200));
    if (!/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType) && !looksLikeHtml)
      throw new Error(`${contentType || "something without a type"}, not a web page`);
    const html = decoded(bytes, contentType);
    const { etag, "last-modified": lastModified } = headers;
    if (etag || lastModified)
      cache?.store({
        ...{ url: url.href, contentType, body: bytes.toString("base64") },
        ...(etag && { etag }),
        ...(lastModified && { lastModified }),
      });
    return html;
  }
}

const conditions = (
  known: { etag?: string | undefined; lastModified?: string | undefined } | undefined,
) => ({
  accept: "text/html,application/xhtml+xml",
  ...(known?.etag && { "if-none-match": known.etag }),
  ...(known?.lastModified && { "if-modified-since": known.lastModified }),
});
