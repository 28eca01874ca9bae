import { answerOf } from "./answer.ts";
import { type Candidate, type Group, groupsOf } from "./candidates.ts";
import { headingLevel, holds, htmlOf, type Page, type PageNode, textOf } from "./dom.ts";
import { paragraphs, patterns } from "./patterns.ts";
import { answerPart, askedPart, isAsked, isMarked, mayBeQuestion } from "./question.ts";
import { sanitised } from "./sanitised.ts";
import type { FoundPair } from "./structured.ts";

/** A group this large is what its page is about; smaller ones must stand where it stands. */
const leading = 3;

/** The pairs that a page shows to its readers, in the order of the page. */
export function shownPairs(page: Page, faqPage: boolean): readonly FoundPair[] {
  const groups = patterns
    .flatMap((pattern) => groupsOf(page, pattern, faqPage))
    .filter(
      ({ pattern, asked, share }) =>
        !pattern.unsure || (asked >= leading && share >= pattern.unsure),
    )
    .filter((group, _, all) => !all.some((other) => isPartOf(page, group, other)))
    .map(withoutSections)
    .sort((a, b) => b.pattern.weight * b.asked - a.pattern.weight * a.asked);
  const alone = oneQuestion(page, groups, faqPage);
  if (alone) return [alone];
  const taken: PageNode[] = [];
  const found: { pair: FoundPair; node: PageNode }[] = [];
  const take = (group: Group) => {
    const region = regionOf(
      page,
      found.map(({ node }) => node),
    );
    found.push(...pairsOf(page, group, taken, region));
  };
  for (const group of groups) take(group);
  if (found.length === 0) for (const group of groupsOf(page, paragraphs, faqPage)) take(group);
  const start = (node: PageNode) => page.place.get(node)?.start ?? 0;
  return found.sort((a, b) => start(a.node) - start(b.node)).map(({ pair }) => pair);
}

/** Whether a group is some of another: where a few of many questions are numbered, the number is no form. */
function isPartOf(page: Page, { pattern, candidates, asked }: Group, other: Group): boolean {
  if (!/^(prefix|numbered)$/.test(pattern.name) || other.pattern.name === pattern.name)
    return false;
  if (other.share < 0.8 || other.asked < 1.5 * asked) return false;
  const within = candidates.filter(({ node }) =>
    other.candidates.some((one) => holds(page, one.node, node) || holds(page, node, one.node)),
  );
  return within.length >= 0.9 * candidates.length;
}

/** Headings above a larger group of lower ones are questions only where they have the mark: "How it spreads" is a section. */
function withoutSections(group: Group, _: number, all: readonly Group[]): Group {
  if (group.pattern.name !== "heading") return group;
  const level = ({ candidates }: Group) => headingLevel(candidates[0]?.node as PageNode) ?? 0;
  const isAbove = all.some(
    (other) =>
      other.pattern.name === "heading" &&
      other.asked >= leading &&
      other.asked > group.asked &&
      level(other) > level(group),
  );
  if (!isAbove) return group;
  const candidates = group.candidates.filter(({ question }) => isMarked(question));
  return { ...group, candidates, asked: candidates.length };
}

/** The only question of a page that is about one: its highest heading, with all that follows. */
function oneQuestion(
  page: Page,
  groups: readonly Group[],
  faqPage: boolean,
): FoundPair | undefined {
  const [node, ...others] = page.$("h1").toArray();
  if (!node || others.length > 0) return undefined;
  const question = askedPart(textOf([node]));
  const asked = isAsked(question);
  if (!mayBeQuestion(question) || !(asked || faqPage)) return undefined;
  // A title that asks is beaten only by many that look surely like questions, one that does not by any.
  const rivals = groups.filter(({ pattern }) => !asked || pattern.weight >= 3);
  const most = Math.max(0, ...rivals.map(({ asked: count }) => count));
  if (most >= (asked ? leading : 1)) return undefined;
  const answer = answerOf(page, { node, run: [node], question, asked }, []);
  return answer.length > 0 ? pairFrom(page, { node, question }, answer, "page") : undefined;
}

/** The smallest part of a page that holds all of some nodes; of fewer than make a page, nothing. */
function regionOf(page: Page, nodes: readonly PageNode[]): PageNode | undefined {
  if (nodes.length < leading) {
    const main = page.$("main,[role=main]");
    return main.length === 1 ? main.get(0) : undefined;
  }
  let region: PageNode | null = nodes[0] ?? null;
  while (region && !nodes.every((node) => holds(page, region as PageNode, node)))
    region = region.parent;
  return region ?? undefined;
}

function pairsOf(
  page: Page,
  { pattern, candidates, asked }: Group,
  taken: PageNode[],
  region: PageNode | undefined,
): { pair: FoundPair; node: PageNode }[] {
  const free = candidates.filter(
    ({ node }) =>
      !taken.some((other) => holds(page, other, node) || holds(page, node, other)) &&
      (asked >= leading || region === undefined || holds(page, region, node)),
  );
  const questions = innermost(page, free);
  const nodes = questions.map(({ node }) => node);
  const found: { pair: FoundPair; node: PageNode }[] = [];
  const answered: PageNode[] = [];
  for (const candidate of questions) {
    // A question inside an answer is part of it.
    if (answered.some((panel) => holds(page, panel, candidate.node))) continue;
    const answer = answerOf(page, candidate, [...nodes, ...taken]);
    if (answer.length === 0 || opensOthers(page, candidate, answer, nodes)) continue;
    if (isTeaser(page, candidate.node, answer)) continue;
    answered.push(...answer);
    taken.push(...candidate.run, ...answer);
    found.push({ pair: pairFrom(page, candidate, answer, pattern.name), node: candidate.node });
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
  { question }: Candidate,
  answer: readonly PageNode[],
  questions: readonly PageNode[],
): boolean {
  const inner = questions.filter((node) => answer.some((panel) => holds(page, panel, node)));
  return inner.length > 1 || (inner.length === 1 && !isMarked(question));
}

/** Whether an answer is only its beginning and the question a link to the whole of it. */
function isTeaser({ $ }: Page, node: PageNode, answer: readonly PageNode[]): boolean {
  const href = $(node).is("a") ? $(node).attr("href") : $(node).find("a[href]").attr("href");
  if (href === undefined || /^(#|javascript:)/i.test(href)) return false;
  return /(…|\.\.\.|\[&hellip;\]|(read|learn|see) more|continue reading)\W*$/i.test(textOf(answer));
}

function pairFrom(
  page: Page,
  { node, question }: Pick<Candidate, "node" | "question">,
  answer: readonly PageNode[],
  pattern: string,
): FoundPair {
  const said = answerPart(textOf(answer));
  const answerHtml = sanitised(htmlOf(answer), page.base);
  return { question, answer: said, answerHtml, section: sectionOf(page, node), pattern };
}

/** The nearest heading above a question that is no question itself. */
function sectionOf({ $ }: Page, node: PageNode): string {
  for (let at: PageNode | null = node; at; at = at.parent) {
    for (let before = at.previousSibling; before; before = before.previousSibling) {
      if (headingLevel(before) === undefined && !$(before).is("header")) continue;
      const text = $(before).text().replace(/\s+/g, " ").trim();
      if (text !== "" && !isMarked(text)) return text;
    }
  }
  return "";
}
