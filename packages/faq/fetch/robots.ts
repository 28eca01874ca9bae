import parser from "robots-parser";
import type { Hop } from "./hop.ts";

// Its types say `default`, what it exports is the function.
const parse = parser as unknown as typeof parser.default;

/** What a site says of who may read what, and how often. */
export interface Robots {
  readonly allows: (url: URL) => boolean;
  /** Between two requests; 0 where the site does not mind. */
  readonly delayMs: number;
}

const name = "holdline-faq";
/** A site that wants more time than this between two pages is not read any slower. */
const delayMost = 30_000;

/**
 * Reads what came for /robots.txt as RFC 9309 wants it: no such file allows everything (§2.3.1.3), a
 * server that fails allows nothing (§2.3.1.4).
 */
export function robotsOf(address: URL, answer: Hop): Robots {
  if (answer.status >= 500) return { allows: () => false, delayMs: 0 };
  if (answer.status >= 400 || answer.status < 200) return { allows: () => true, delayMs: 0 };
  const rules = parse(address.href, new TextDecoder().decode(answer.bytes));
  return {
    allows: (url) => rules.isAllowed(url.href, name) !== false,
    delayMs: Math.min(delayMost, (rules.getCrawlDelay(name) ?? 0) * 1_000),
  };
}
