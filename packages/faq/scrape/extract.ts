import { clean, cleanContents, cleanIcons } from "./clean.ts";
import { parsePage, placed } from "./dom.ts";
import { isAsked, sameAs, saysHelp } from "./question.ts";
import { shownPairs } from "./shown.ts";
import { declaredByAttributes, type FoundPair, jsonLd } from "./structured.ts";

/** What a page has to say. */
export interface Extracted {
  readonly pairs: readonly FoundPair[];
  /** Links whose text is a question: pages of one question each. */
  readonly links: readonly string[];
  /** BCP 47, where the page says it. */
  readonly language: string | undefined;
}

/** Finds a page's questions and answers, whatever made it. Throws on a page that cannot be read. */
export function extract(html: string, source?: string): Extracted {
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
  const links = $("a[href]")
    .toArray()
    .filter((a) => !/^(#|javascript:|mailto:|tel:)/i.test(a.attribs.href ?? ""))
    .filter((a) => isAsked($(a).text().trim()))
    .map((a) => a.attribs.href ?? "");
  const pairs = once(declared, shownPairs(page, faqPage));
  return { pairs, links: [...new Set(links)], language };
}

function baseOf(said: string | undefined, source: string | undefined): string | undefined {
  try {
    return new URL(said ?? "", source).href;
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
