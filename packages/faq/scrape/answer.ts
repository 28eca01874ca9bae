import { headingLevel, holds, isElement, type Page, type PageNode, textOf } from "./dom.ts";
import type { Candidate } from "./patterns.ts";

/** How far above a question its answer may begin: a question is wrapped, but not by the whole page. */
const climbMax = 6;

/**
 * The nodes of the answer to a question: the panel the page names, or what follows the question up to
 * the next one or to a heading that is no part of the answer.
 */
export function answerOf(
  page: Page,
  { node, panel }: Candidate,
  questions: readonly PageNode[],
): readonly PageNode[] {
  if (panel && !holds(page, panel, node) && hasText([panel])) return [panel];
  const asks = within(page, questions);
  const level = headingLevel(node) ?? headingIn(page, node) ?? 7;
  let from: PageNode = node;
  for (let climbed = 0; climbed <= climbMax; climbed++) {
    const following: PageNode[] = [];
    for (let next = from.nextSibling; next; next = next.nextSibling) {
      if (asks(next) || endsAt(page, next, level)) break;
      following.push(next);
    }
    if (hasText(following)) return following;
    const up: PageNode | null = from.parent;
    const stopped = from.nextSibling && following.length < countAfter(from);
    if (!up || !isElement(up) || up.name === "body" || stopped) return [];
    from = up;
  }
  return [];
}

const hasText = (nodes: readonly PageNode[]): boolean => /[\p{L}\p{N}]/u.test(textOf(nodes));

function countAfter(node: PageNode): number {
  let count = 0;
  for (let next = node.nextSibling; next; next = next.nextSibling) count++;
  return count;
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
