import type { Candidate } from "./candidates.ts";
import { headingLevel, holds, isElement, type Page, type PageNode, textOf } from "./dom.ts";

/** How far above a question its answer may begin: a question is wrapped, but not by the whole page. */
const climbMax = 6;

/**
 * The nodes of the answer to a question: the panel the page names, or what follows the question up to
 * the next one or to a heading that is no part of the answer.
 */
export function answerOf(
  page: Page,
  { node, run, panel }: Candidate,
  questions: readonly PageNode[],
): readonly PageNode[] {
  if (panel && !holds(page, panel, node) && hasText([panel])) return [panel];
  const asks = within(page, questions);
  const level = headingLevel(node) ?? headingIn(page, node) ?? 7;
  let from: PageNode = run.at(-1) ?? node;
  for (let climbed = 0; climbed <= climbMax; climbed++) {
    const [following, stopped] = after(page, from, asks, level);
    const up: PageNode | null = from.parent;
    if (hasText(following)) {
      // A paragraph cannot hold what an answer may go on with: a list, a table, another paragraph.
      const more = up && isElement(up) && up.name === "p" && !stopped;
      return ending(page, more ? [...following, ...after(page, up, asks, level)[0]] : following);
    }
    if (!up || !isElement(up) || up.name === "body" || stopped) return [];
    from = up;
  }
  return [];
}

/** What stands behind a node up to a question or a heading, and whether there was one. */
function after(
  page: Page,
  node: PageNode,
  asks: (node: PageNode) => boolean,
  level: number,
): [PageNode[], boolean] {
  const following: PageNode[] = [];
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    if (asks(next) || endsAt(page, next, level)) return [following, true];
    following.push(next);
  }
  return [following, false];
}

const hasText = (nodes: readonly PageNode[]): boolean => /[\p{L}\p{N}]/u.test(textOf(nodes));

const endMatter =
  /^\W*(©|copyright\b|\(c\) \d{4}|all rights reserved|(this )?page (was )?last (updated|reviewed|modified)|content source:)/i;

/** Without what ends a section or a page and stands behind its last answer: its number, its rule, a label. */
function ending(page: Page, nodes: readonly PageNode[]): readonly PageNode[] {
  const kept = [...nodes];
  const matter = kept.findIndex((node, at) => at > 0 && endMatter.test(textOf([node])));
  if (matter > 0) kept.splice(matter);
  for (let at = kept.length - 1; at > 0; at--) {
    const node = kept[at] as PageNode;
    const text = textOf([node]);
    const rest = kept.slice(0, at);
    if (text !== "" && !(isLabel(page, node, text) && hasText(rest))) break;
    kept.pop();
  }
  return kept;
}

/** Whether a node says what comes next and nothing else: a number, or a short line all of it in bold. */
function isLabel({ $ }: Page, node: PageNode, text: string): boolean {
  if (/^\d{1,4}\W*$/.test(text)) return !isElement(node) || /^(tr|p|div|td|span)$/.test(node.name);
  if (!isElement(node) || text.length > 100 || /[.!?:;,)]$/.test(text)) return false;
  if (headingLevel(node) !== undefined) return true;
  if ($(node).is("ul,ol,table,li") || $(node).find("a[href]").length > 0) return false;
  const marked = $(node).find("b,strong,u,font[size],[style*=font-size]").first().text();
  return marked.replace(/\s+/g, " ").trim() === text;
}

/** A heading as high as the question's, or higher, opens something else. */
function endsAt({ $ }: Page, node: PageNode, level: number): boolean {
  const own = headingLevel(node);
  if (own !== undefined) return own <= level;
  if (!isElement(node)) return false;
  const first = $(node).find("h1,h2,h3,h4,h5,h6").first().get(0);
  const inner = first && headingLevel(first);
  return inner !== undefined && inner <= level && level <= 6;
}

const headingIn = ({ $ }: Page, node: PageNode): number | undefined => {
  const heading =
    $(node).closest("h1,h2,h3,h4,h5,h6").get(0) ?? $(node).find("h1,h2,h3,h4,h5,h6").get(0);
  return heading && headingLevel(heading);
};

/** Whether a node holds one of the questions, by bisection: pages have thousands of both. */
function within({ place }: Page, questions: readonly PageNode[]): (node: PageNode) => boolean {
  const starts = questions.map((node) => place.get(node)?.start ?? 0).sort((a, b) => a - b);
  return (node) => {
    const own = place.get(node);
    if (!own) return false;
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < own.start) low = middle + 1;
      else high = middle;
    }
    return (starts[low] ?? Number.POSITIVE_INFINITY) < own.end;
  };
}
