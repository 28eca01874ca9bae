import { isElement, type PageElement, type PageNode, parsePage, textOf } from "../scrape/dom.ts";
import { shortLink } from "./short-link.ts";

const inline = new Set(
  "a b strong i em u sub sup abbr code span small mark q cite font label button".split(" "),
);
const headings = /^h[1-6]$/;

/** An answer's HTML as lines of a text message: what stands in a line of its own on the page does here. */
export function lines(html: string): readonly string[] {
  const seen = new Set<string>();
  const body = parsePage(html)("body").get(0) as PageNode | undefined;
  if (!body) return [];
  const text = blockOf(body, seen, "");
  return text.split("\n").map((line) => line.replace(/\s+([.,;:!?)])/g, "$1"));
}

const childrenOf = (node: PageNode): readonly PageNode[] =>
  "children" in node ? node.children : [];

function blockOf(node: PageNode, seen: Set<string>, mark: string): string {
  if (node.type === "text") return node.data.replace(/\s+/g, " ");
  if (!isElement(node))
    return childrenOf(node)
      .map((child) => blockOf(child, seen, ""))
      .join("");
  if (node.name === "br") return "\n";
  if (headings.test(node.name)) return "\n";
  if (node.name === "a") return linkOf(node, seen);
  if (node.name === "tr") return rowOf(node, seen);
  const inner = childrenOf(node)
    .map((child, index) => blockOf(child, seen, markOf(node, child, index)))
    .join("");
  if (inline.has(node.name)) return inner;
  if (node.name === "li") return `\n${mark}${inner.trim()}\n`;
  return `\n${inner}\n`;
}

/** What stands before an item: a number where the list counts, else a hyphen. */
function markOf(list: PageElement, item: PageNode, index: number): string {
  if (!isElement(item) || item.name !== "li") return "";
  if (list.name !== "ol") return "- ";
  const before = list.children.slice(0, index).filter((one) => isElement(one) && one.name === "li");
  return `${Number(list.attribs.start ?? 1) + before.length}. `;
}

/** A row in a line: of two cells the first names the second. */
function rowOf(row: PageElement, seen: Set<string>): string {
  const cells = row.children
    .filter(isElement)
    .map((cell) => blockOf(cell, seen, "").replace(/\s+/g, " ").trim())
    .filter((cell) => cell !== "");
  return `\n${cells.join(cells.length === 2 && !/[.:?!]$/.test(cells[0] ?? "") ? ": " : " - ")}\n`;
}

/** What a link says and, the first time, where it leads: where that is short, and is not said already. */
function linkOf(node: PageElement, seen: Set<string>): string {
  const text = textOf([node]).replace(/\s+/g, " ");
  const link = shortLink(node.attribs.href ?? "");
  if (link === undefined || seen.has(link)) return text;
  seen.add(link);
  const same = (one: string) =>
    one
      .replace(/^https?:\/\//i, "")
      .replace(/\/$/, "")
      .toLowerCase();
  if (text === "" || same(text) === same(link)) return link;
  if (text.toLowerCase().includes(link.toLowerCase())) return text;
  return `${text} (${link})`;
}
