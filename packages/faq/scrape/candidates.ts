import {
  headingLevel,
  holds,
  isElement,
  type Page,
  type PageElement,
  type PageNode,
  textOf,
} from "./dom.ts";
import type { Pattern } from "./patterns.ts";
import { askedPart, isAsked, isMarked, mayBeQuestion, sameAs, saysFaq } from "./question.ts";

/** A node that may be a question, and where its answer is if the page says so. */
export interface Candidate {
  readonly node: PageElement;
  /** What the question stands in: mostly the node alone. */
  readonly run: readonly PageNode[];
  readonly question: string;
  readonly asked: boolean;
  readonly panel?: PageNode | undefined;
}

/** Candidates that look alike, of one pattern. */
export interface Group {
  readonly pattern: Pattern;
  readonly candidates: readonly Candidate[];
  readonly asked: number;
  /** How many of what looks so ask. */
  readonly share: number;
}

/** The groups of one pattern: what is asked, and what looks and stands like what is asked. */
export function groupsOf(page: Page, pattern: Pattern, faqPage: boolean): readonly Group[] {
  const read = [...new Set(pattern.find(page))].flatMap((node) => {
    const { question, run } = wholeQuestion(node);
    if (!mayBeQuestion(question) || (!pattern.opens && isLink(page, node, question))) return [];
    // A line of bold type that begins with "Should" is mostly no question.
    const asked = pattern.weight >= 3 ? isAsked(question) : isMarked(question);
    return [{ node, run, question, asked, panel: pattern.panel?.(page, node) }];
  });
  const looks = Map.groupBy(read, ({ node }) => pattern.look(page, node));
  return [...looks.values()].flatMap((all) => {
    const asked = all.filter((one) => one.asked).length;
    const share = asked / all.length;
    const candidates = all.filter(
      (one) =>
        one.asked ||
        (pattern.telling
          ? share >= 0.5 || faqPage || inFaq(one.node)
          : pattern.name !== "jump" && all.length >= 3 && share >= 0.6),
    );
    return candidates.length > 0 ? [{ pattern, candidates, asked, share }] : [];
  });
}

const inline = /^(a|b|strong|span|font|u|i|em|sup|sub|abbr|code)$/;

/**
 * What a node asks, and where that ends. A link within a link ends the outer one, so that a question may
 * go on behind the node that began it, up to the block that answers it.
 */
function wholeQuestion(node: PageElement): { question: string; run: PageNode[] } {
  const question = askedPart(textOf([node]));
  const next = node.nextSibling;
  const cut = node.name === "a" && next !== null && isElement(next) && next.name === "a";
  if (!cut && (!inline.test(node.name) || isMarked(question))) return { question, run: [node] };
  const run: PageNode[] = [node];
  for (let at = next; at; at = at.nextSibling) {
    if (isElement(at) && !inline.test(at.name)) break;
    run.push(at);
  }
  const whole = askedPart(textOf(run));
  return cut || (/[?？]$/.test(whole) && whole.length <= 500)
    ? { question: whole, run }
    : { question, run: [node] };
}

/** Whether a node is a link and nothing else: to another page, or to where the question stands again. */
function isLink(page: Page, node: PageElement, question: string): boolean {
  const { $ } = page;
  const link = $(node).is("a[href]") ? $(node) : $(node).find("a[href]").first();
  const href = link.attr("href");
  if (href === undefined) return false;
  const text = askedPart(link.text());
  // What a link within a link has cut short leads on the page to the whole of it.
  if (text !== question && !(href.startsWith("#") && text !== "" && question.startsWith(text)))
    return false;
  if (!href.startsWith("#")) return !/^javascript:/i.test(href) && headingLevel(node) === undefined;
  const target = page.byId.get(href.slice(1));
  if (!target || holds(page, target, node) || holds(page, node, target)) return false;
  // An anchor with nothing in it marks what it stands in.
  const place = textOf([target]) === "" ? target.parent : target;
  return (
    place !== null &&
    !holds(page, place, node) &&
    sameAs($(place).text()).includes(sameAs(question))
  );
}

function inFaq(node: PageElement): boolean {
  for (let up = node.parent; up && isElement(up); up = up.parent)
    if (saysFaq(`${up.attribs.class ?? ""} ${up.attribs.id ?? ""}`)) return true;
  return false;
}
