import {
  headingLevel,
  isElement,
  type Page,
  type PageElement,
  type PageNode,
  textOf,
} from "./dom.ts";
import { opener } from "./opener.ts";
import { panelOf } from "./panel.ts";
import { isMarked, isNumbered, isPrefixed, namesQuestion } from "./question.ts";

/** One way in which pages show questions. */
export interface Pattern {
  readonly name: string;
  readonly find: (page: Page) => readonly PageElement[];
  readonly panel?: (page: Page, node: PageElement) => PageNode | undefined;
  /** Which of what was found look alike: questions of one page mostly do. */
  readonly look: (page: Page, node: PageElement) => string;
  /** How much one such question says against one of another pattern. */
  readonly weight: number;
  /** Whether the form alone says that something is opened or defined, question mark or not. */
  readonly telling?: true;
  /** What share of all that looks so must ask, where the form says nothing by itself. */
  readonly unsure?: number;
  /** Whether a link may be the question: it opens what it leads to. */
  readonly opens?: true;
}

const select = (selector: string) => (page: Page) => page.$(selector).toArray().filter(isElement);

const bold = "strong,b,[style*='font-weight']";
const blocks = "p,div,td,th,li,dt,span,summary";

const tagAndClass = (_: Page, { name, attribs }: PageElement) => `${name}.${attribs.class ?? ""}`;
const depthIn =
  (selector: string) =>
  ({ $ }: Page, node: PageElement) =>
    String($(node).parents(selector).length);

/** The way to a node without what is in a line: bold in a link and bold in a span look the same. */
function way(_: Page, node: PageElement): string {
  const names: string[] = [];
  for (let at: PageNode | null = node; at && isElement(at); at = at.parent)
    if (!/^(a|b|strong|span|font|u|i|em|big)$/.test(at.name)) names.push(at.name);
  return names.join("<");
}

/** Questions that nothing but their mark tells, when there are too few to be trusted otherwise. */
export const paragraphs: Pattern = {
  name: "paragraph",
  find: (page) => select("p,li > a[name],div,td,th,font")(page).filter((node) => leaf(page, node)),
  look: way,
  weight: 0.5,
};

/** All ways, the surest first. */
export const patterns: readonly Pattern[] = [
  {
    name: "details",
    find: select("details > summary"),
    look: depthIn("details"),
    weight: 4,
    telling: true,
  },
  {
    name: "opener",
    find: select(opener),
    opens: true,
    panel: panelOf,
    look: tagAndClass,
    weight: 4,
    telling: true,
  },
  { name: "definition", find: select("dl dt"), look: depthIn("dl"), weight: 4, telling: true },
  {
    name: "class",
    find: (page) =>
      select("[class],[slot],[data-hook]")(page).filter((node) => namesQuestion(page, node)),
    look: tagAndClass,
    weight: 3.5,
    telling: true,
  },
  {
    name: "prefix",
    find: (page) =>
      select(blocks)(page).filter(
        (node) => leaf(page, node) && isPrefixed(page.$(node).text().slice(0, 60)),
      ),
    look: way,
    weight: 3,
    telling: true,
  },
  {
    name: "heading",
    find: select("h2,h3,h4,h5,h6,[role=heading]"),
    look: (_, node) => String(headingLevel(node)),
    weight: 3,
  },
  { name: "button", find: select("button"), look: tagAndClass, weight: 3 },
  { name: "label", find: select("label[for]"), look: tagAndClass, weight: 3 },
  { name: "table", find: questionCells, panel: answerCell, look: depthIn("table"), weight: 3 },
  {
    name: "numbered",
    find: (page) =>
      select(blocks)(page).filter(
        (node) => leaf(page, node) && isNumbered(page.$(node).text().slice(0, 40)),
      ),
    look: way,
    weight: 1.5,
  },
  {
    name: "bold",
    find: (page) =>
      select(bold)(page).flatMap((node) => {
        const line = lineOfItsOwn(page, node);
        const whole = endsLine(line) || isMarked(page.$(node).text().trim());
        return beginsLine(line) && whole ? [line] : [];
      }),
    look: way,
    weight: 1,
  },
  {
    name: "styled",
    find: (page) => select("[class]")(page).filter((node) => leaf(page, node)),
    look: tagAndClass,
    weight: 0.8,
    unsure: 0.8,
  },
  { ...paragraphs, unsure: 0.5 },
  {
    name: "jump",
    find: select("a[href^='#']"),
    panel: (page, node) => {
      const target = page.byId.get((node.attribs.href ?? "").slice(1));
      return target && textOf([target]).length > 0 ? target : undefined;
    },
    look: tagAndClass,
    weight: 1,
  },
];

const leaf = ({ $ }: Page, node: PageElement): boolean =>
  $(node).find("p,div,ul,ol,table,li,details,h2,h3,h4,h5").length === 0;

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

const inline = /^(a|b|strong|span|font|u|i|em|sup|sub|abbr)$/;
const blank = (node: PageNode) => node.type === "text" && node.data.trim() === "";

/** Whether there is nothing on a node's line in one direction. */
function atEdge(node: PageNode, next: (node: PageNode) => PageNode | null): boolean {
  for (let at: PageNode | null = node; at && isElement(at); at = at.parent) {
    let beside = next(at);
    while (
      beside &&
      (blank(beside) || (isElement(beside) && beside.name === "a" && beside.children.length === 0))
    )
      beside = next(beside);
    if (beside) return isElement(beside) && !inline.test(beside.name);
    if (!inline.test(at.name)) return true;
  }
  return true;
}
const beginsLine = (node: PageNode) => atEdge(node, (at) => at.previousSibling);
const endsLine = (node: PageNode) => atEdge(node, (at) => at.nextSibling);

const cellsOf = ({ $ }: Page, row: PageNode): readonly PageElement[] =>
  isElement(row) ? $(row).children("td,th").toArray() : [];

/** Of each row with an answer beside it, the cell in which most rows of the table ask. */
function questionCells(page: Page): readonly PageElement[] {
  const { $ } = page;
  return $("table")
    .toArray()
    .flatMap((table) => {
      const rows = $(table)
        .find("tr")
        .toArray()
        .filter((row) => $(row).closest("table").get(0) === table)
        .map((row) => cellsOf(page, row))
        .filter((cells) => cells.length > 1);
      const asks = new Map<number, number>();
      for (const cells of rows)
        cells.slice(0, -1).forEach((cell, column) => {
          if (/[?？]/.test($(cell).text())) asks.set(column, (asks.get(column) ?? 0) + 1);
        });
      const column = [...asks].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
      return rows.flatMap((cells) => {
        const cell = cells[column];
        const header = cell?.name === "th" && cells.every(({ name }) => name === "th");
        return cell && column < cells.length - 1 && !header ? [cell] : [];
      });
    });
}

/** The cell under "Answer" where the table says so, else the next one. */
function answerCell(page: Page, cell: PageElement): PageNode | undefined {
  const { $ } = page;
  const titles = cellsOf(page, $(cell).closest("table").find("tr").get(0) as PageNode);
  const column = titles.findIndex((title) => /^\s*(answer|response)s?\s*$/i.test($(title).text()));
  const cells = cellsOf(page, cell.parent as PageNode);
  const own = cells.indexOf(cell);
  return cells[column > own ? column : own + 1];
}
