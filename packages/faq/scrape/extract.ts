import { clean, cleanContents, cleanIcons } from "./clean.ts";
import { parsePage, placed } from "./dom.ts";
import { askedPart, isAsked, sameAs, saysHelp } from "./question.ts";
import { shownPairs } from "./shown.ts";
import { declaredByAttributes, type FoundPair, jsonLd } from "./structured.ts";

/** What a page has to say. */
export interface Extracted {
  readonly pairs: readonly FoundPair[];
  /** Links whose text is a question, to pages of one question each; absolute where the page's address is known. */
  readonly links: readonly { readonly href: string; readonly text: string }[];
  /** Whether there is next to nothing to read, but scripts that might show something. */
  readonly needsScripts: boolean;
  /** BCP 47, where the page says it. */
  readonly language: string | undefined;
}

/**
 * Finds a page's questions and answers, whatever made it. Throws on a page that cannot be read. A page
 * that a question led to (`askedAs`) answers it, whether its title has a question mark or not.
 */
export function extract(html: string, source?: string, askedAs?: string): Extracted {
  const $ = parsePage(html);
  const base = baseOf($("base[href]").attr("href"), source);
  const language = languageOf($("html").attr("lang") ?? $("html").attr("xml:lang"));
  const faqPage = saysHelp(
    `${$("title").text()} ${$("h1").text()} ${$("body").attr("class") ?? ""} ${$("[class*=breadcrumb i],[id*=breadcrumb i]").text()} ${source ?? ""}`,
  );
  const machine = jsonLd($, base);
  cleanIcons($);
  const declared = [...machine, ...declaredByAttributes($, base)];
  clean($);
  cleanContents($);
  const page = placed($, base);
  const scripts = /<script\b/i.test(html);
  const needsScripts = scripts && $("body").text().replace(/\s+/g, "").length < 200;
  const links = new Map<string, string>();
  for (const a of $("a[href]").toArray()) {
    const text = askedPart($(a).text());
    const href = pageAddress(a.attribs.href ?? "", base);
    if (href && isAsked(text) && !links.has(href)) links.set(href, text);
  }
  const pairs = once(declared, shownPairs(page, faqPage || askedAs !== undefined));
  return {
    pairs,
    links: [...links].map(([href, text]) => ({ href, text })),
    language,
    needsScripts,
  };
}

function baseOf(said: string | undefined, source: string | undefined): string | undefined {
  try {
    return new URL(said ?? "", source).href;
  } catch {
    return undefined;
  }
}

function pageAddress(href: string, base: string | undefined): string | undefined {
  try {
    const url = new URL(href.trim(), base);
    const isThisPage = base !== undefined && url.href.split("#")[0] === base.split("#")[0];
    return /^https?:$/.test(url.protocol) && !isThisPage ? url.href.split("#")[0] : undefined;
  } catch {
    return undefined;
  }
}

const languageOf = (said: string | undefined): string | undefined => {
  const tag = said?.trim().replace("_", "-");
  return tag && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : undefined;
};

/** Each pair once: what a page says for machines it mostly shows too, in words of its own. */
function once(declared: readonly FoundPair[], shown: readonly FoundPair[]): readonly FoundPair[] {
  const said = new Set(declared.map(({ question }) => sameAs(question)));
  const sections = new Map(shown.map(({ question, section }) => [sameAs(question), section]));
  const all = [
    ...declared.map((pair) => ({ ...pair, section: sections.get(sameAs(pair.question)) ?? "" })),
    ...shown.filter(({ question }) => !said.has(sameAs(question))),
  ];
  const seen = new Set<string>();
  return all.filter(({ question, answer }) => {
    const key = `${sameAs(question)}|${sameAs(answer)}`;
    return !seen.has(key) && seen.add(key);
  });
}
