import {
  headingLevel,
  isElement,
  type Page,
  type PageElement,
  type PageNode,
  textOf,
} from "./dom.ts";
import { askedPart, isAsked, mayBeQuestion, saysFaq } from "./question.ts";

/** A node that may be a question, and where its answer is if the page says so. */
export interface Candidate {
  readonly node: PageElement;
  readonly question: string;
  readonly asked: boolean;
  readonly panel?: PageNode | undefined;
}

/** One way in which pages show questions. */
export interface Pattern {
  readonly name: string;
  readonly find: (page: Page) => readonly PageElement[];
  readonly panel?: (page: Page, node: PageElement) => PageNode | undefined;
  /** Whether the form alone says that something is opened or defined, question mark or not. */
  readonly telling?: true;
}

const select = (selector: string) => (page: Page) => page.$(selector).toArray().filter(isElement);

const opener =
  "[aria-controls],[data-toggle=collapse],[data-bs-toggle=collapse],[data-target^='#'],[data-bs-target^='#'],button[aria-expanded],[role=button][aria-expanded]";
const openerName =
  /(^|[-_])(questions?|q)([-_]?(text|title|header|heading))?$|(accordion|faq|toggle|collaps\w*|expand\w*|panel)[-_]*(item)?[-_]*(title|header|heading|head|trigger|button|btn|label|link|question|toggle)/i;
const bold = "strong,b,[style*='font-weight']";

/** From the surest form to the least sure; what one has taken the next leaves alone. */
export const patterns: readonly Pattern[] = [
  {
    name: "details",
    find: select("details > summary"),
    telling: true,
  },
  {
    name: "opener",
    find: select(opener),
    panel: ({ $ }, { attribs }) => {
      const said =
        attribs["aria-controls"] ??
        attribs["data-target"] ??
        attribs["data-bs-target"] ??
        attribs.href;
      const id = said?.replace(/^.*#/, "");
      return id
        ? ($("[id]")
            .toArray()
            .find((node) => node.attribs.id === id) as PageNode)
        : undefined;
    },
    telling: true,
  },
  { name: "definition", find: select("dl dt"), telling: true },
  {
    name: "table",
    find: (page) =>
      select("tr > :first-child")(page).filter((cell) => page.$(cell).siblings("td").length > 0),
  },
  {
    name: "class",
    find: (page) =>
      select("[class]")(page).filter(({ attribs }) =>
        (attribs.class ?? "").split(/\s+/).some((name) => openerName.test(name)),
      ),
    telling: true,
  },
  { name: "heading", find: select("h1,h2,h3,h4,h5,h6,[role=heading]") },
  { name: "label", find: select("label[for]") },
  {
    name: "bold",
    find: (page) => select(bold)(page).map((node) => lineOfItsOwn(page, node)),
  },
  {
    name: "prefix",
    find: (page) =>
      select("p,div,li,td,span")(page).filter(
        (node) =>
          /^\s*q(uestion)?\s*#?\d*\s*[:.)]\s/i.test(page.$(node).text().slice(0, 40)) &&
          leaf(page, node),
      ),
  },
];

/** Questions that nothing but their mark tells; asked only of pages that show no other form. */
export const paragraphs: Pattern = {
  name: "paragraph",
  find: (page) => select("p,li > a[name],div")(page).filter((node) => leaf(page, node)),
};

const leaf = ({ $ }: Page, node: PageElement): boolean =>
  $(node).find("p,div,ul,ol,table,li").length === 0;

/** The paragraph that has nothing else in it, or the node itself when text follows it. */
function lineOfItsOwn({ $ }: Page, node: PageElement): PageElement {
  let line = node;
  const text = $(node).text().trim();
  for (let parent = line.parent; parent && isElement(parent); parent = line.parent as PageElement) {
    if (parent.name === "body" || $(parent).text().trim() !== text) break;
    line = parent;
  }
  return line;
}

/** The candidates of one pattern: what is asked, and what looks and stands like what is asked. */
export function candidatesOf(page: Page, pattern: Pattern, faqPage: boolean): readonly Candidate[] {
  const read = [...new Set(pattern.find(page))].flatMap((node) => {
    const question = askedPart(textOf([node]));
    if (!mayBeQuestion(question)) return [];
    const panel = pattern.panel?.(page, node);
    return [{ node, question, asked: isAsked(question), panel }];
  });
  const groups = Map.groupBy(read, ({ node }) => `${node.name}.${node.attribs.class ?? ""}`);
  return read.filter(({ node, asked }) => {
    if (asked) return true;
    const group = groups.get(`${node.name}.${node.attribs.class ?? ""}`) ?? [];
    const share = group.filter((one) => one.asked).length / group.length;
    if (pattern.telling) return share >= 0.5 || faqPage || inFaq(node);
    return (
      pattern.name !== "paragraph" && group.length >= 3 && share >= 0.6 && headingLevel(node) !== 1
    );
  });
}

function inFaq(node: PageElement): boolean {
  for (let up = node.parent; up && isElement(up); up = up.parent)
    if (saysFaq(`${up.attribs.class ?? ""} ${up.attribs.id ?? ""}`)) return true;
  return false;
}
