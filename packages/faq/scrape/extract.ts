import { answerOf } from "./answer.ts";
import { clean } from "./clean.ts";
import { headingLevel, holds, type Page, type PageNode, parsePage, placed, textOf } from "./dom.ts";
import { type Candidate, candidatesOf, type Pattern, paragraphs, patterns } from "./patterns.ts";
import { isAsked, sameAs, saysFaq } from "./question.ts";
import { declaredByAttributes, type FoundPair, jsonLd } from "./structured.ts";

/** What a page has to say. */
export interface Extracted {
  readonly pairs: readonly FoundPair[];
  /** Links whose text is a question, as written: pages of one question each. */
  readonly links: readonly string[];
  /** BCP 47, where the page says it. */
  readonly language: string | undefined;
}

/** Finds a page's questions and answers, whatever made it. Throws on a page that cannot be read. */
export function extract(html: string): Extracted {
  const $ = parsePage(html);
  const language = $("html").attr("lang")?.trim() || undefined;
  const declared = [...jsonLd($), ...declaredByAttributes($)];
  const faqPage = saysFaq(`${$("title").text()} ${$("h1").text()}`);
  clean($);
  const page = placed($);
  const shown = shownPairs(page, faqPage);
  const pairs = once(declared, shown);
  const links = $("a[href]")
    .toArray()
    .filter((a) => !/^(#|javascript:|mailto:|tel:)/i.test(a.attribs.href ?? ""))
    .filter((a) => isAsked($(a).text().trim()))
    .map((a) => a.attribs.href ?? "");
  return { pairs, links: [...new Set(links)], language };
}

function shownPairs(page: Page, faqPage: boolean): readonly FoundPair[] {
  const taken: PageNode[] = [];
  const found = patterns.flatMap((pattern) => pairsOf(page, pattern, faqPage, taken));
  return found.length > 0 ? found : pairsOf(page, paragraphs, faqPage, taken);
}

function pairsOf(page: Page, pattern: Pattern, faqPage: boolean, taken: PageNode[]): FoundPair[] {
  const free = candidatesOf(page, pattern, faqPage).filter(
    ({ node }) => !taken.some((other) => holds(page, other, node) || holds(page, node, other)),
  );
  const questions = innermost(page, free);
  const nodes = questions.map(({ node }) => node);
  const found: FoundPair[] = [];
  const answered: PageNode[] = [];
  for (const candidate of questions) {
    // A question inside an answer is part of it.
    if (answered.some((panel) => holds(page, panel, candidate.node))) continue;
    const answer = answerOf(page, candidate, [...nodes, ...taken]);
    if (answer.length === 0 || opensOthers(page, candidate, answer, nodes)) continue;
    answered.push(...answer);
    taken.push(candidate.node, ...answer);
    found.push(pairFrom(page, candidate, answer, pattern.name));
  }
  return found;
}

/** Of candidates inside one another, the inner: the outer is what wraps it. */
function innermost(page: Page, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ node }, at) => {
    const next = all[at + 1];
    return next === undefined || next.node === node || !holds(page, node, next.node);
  });
}

/** Whether what was taken for an answer is a section of questions with answers of their own. */
function opensOthers(
  page: Page,
  { asked }: Candidate,
  answer: readonly PageNode[],
  questions: readonly PageNode[],
): boolean {
  const inner = questions.filter((node) => answer.some((panel) => holds(page, panel, node)));
  return inner.length > 1 || (inner.length === 1 && !asked);
}

function pairFrom(
  page: Page,
  { node, question }: Candidate,
  answer: readonly PageNode[],
  pattern: string,
): FoundPair {
  const said = textOf(answer).replace(/^a(nswer)?\s*\d*\s*:\s*/i, "");
  const answerHtml = answer
    .map((one) => page.$.html(one))
    .join("")
    .trim();
  return { question, answer: said, answerHtml, section: sectionOf(page, node), pattern };
}

/** The nearest heading above a question that is no question itself. */
function sectionOf({ $ }: Page, node: PageNode): string {
  for (let at: PageNode | null = node; at; at = at.parent) {
    for (let before = at.previousSibling; before; before = before.previousSibling) {
      if (headingLevel(before) === undefined) continue;
      const text = $(before).text().replace(/\s+/g, " ").trim();
      if (text !== "" && !isAsked(text)) return text;
    }
  }
  return "";
}

/** Each pair once: what a page says for machines it mostly shows too, in words of its own. */
function once(declared: readonly FoundPair[], shown: readonly FoundPair[]): readonly FoundPair[] {
  const said = new Set(declared.map(({ question }) => sameAs(question)));
  const all = [...declared, ...shown.filter(({ question }) => !said.has(sameAs(question)))];
  const seen = new Set<string>();
  return all.filter(({ question, answer }) => {
    const key = `${sameAs(question)}|${sameAs(answer)}`;
    return !seen.has(key) && seen.add(key);
  });
}
