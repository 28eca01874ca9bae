import type { Cheerio, CheerioAPI } from "cheerio";
// Cheerio's own entry brings an HTTP client with it.
import { load } from "cheerio/slim";
import { parse, serializeOuter } from "parse5";
import { adapter as treeAdapter } from "parse5-htmlparser2-tree-adapter";

type Root = ReturnType<CheerioAPI["root"]> extends Cheerio<infer D> ? D : never;

/** Anything in a parsed page. */
export type PageNode = Root["childNodes"][number];
/** A tag of a parsed page. */
export type PageElement = Extract<PageNode, { attribs: unknown }>;

/** A parsed page, with each node's place in reading order: containment is a comparison of two numbers. */
export interface Page {
  readonly $: CheerioAPI;
  readonly place: ReadonlyMap<PageNode, { readonly start: number; readonly end: number }>;
  readonly byId: ReadonlyMap<string, PageElement>;
  /** By the id of what labels it. */
  readonly byLabel: ReadonlyMap<string, PageElement>;
  /** What its links are relative to, where that is known. */
  readonly base: string | undefined;
}

/** Browsers flatten what is nested deeper than about this; no page written for people is. */
const depthMax = 500;

/** Parses a page. Throws on one that is nested too deep to be read by recursion. */
export function parsePage(html: string): CheerioAPI {
  if (opened(html) > 10 * depthMax) throw tooDeep();
  const $ = load(parse(html, { treeAdapter }));
  walk($, (_, depth) => {
    if (depth > depthMax) throw tooDeep();
  });
  return $;
}

const tooDeep = () => new Error(`nested more than ${depthMax} deep: not read`);

/** How many tags that nothing closes but their own end are open at once: the parser's time grows with the square of it. */
function opened(html: string): number {
  let [open, most] = [0, 0];
  for (const [, end] of html.matchAll(/<(\/?)(?:table|div|ul|ol|blockquote|section|details)\b/gi)) {
    open += end ? -1 : 1;
    most = Math.max(most, open);
  }
  return most;
}

/** Places of all nodes; to be taken anew when nodes were removed. */
export function placed($: CheerioAPI, base?: string): Page {
  const place = new Map<PageNode, { start: number; end: number }>();
  const byId = new Map<string, PageElement>();
  const byLabel = new Map<string, PageElement>();
  let at = 0;
  walk(
    $,
    (node) => {
      place.set(node, { start: at++, end: at });
      if (!isElement(node)) return;
      const {
        id = node.name === "a" ? node.attribs.name : undefined,
        "aria-labelledby": labels = "",
      } = node.attribs;
      if (id && !byId.has(id)) byId.set(id, node);
      for (const label of labels.split(/\s+/)) if (label) byLabel.set(label, node);
    },
    (node) => {
      const own = place.get(node);
      if (own) own.end = at;
    },
  );
  return { $, place, byId, byLabel, base };
}

function walk(
  $: CheerioAPI,
  enter: (node: PageNode, depth: number) => void,
  leave: (node: PageNode) => void = () => {},
): void {
  const todo: { node: PageNode; depth: number; left?: boolean }[] = [
    { node: $.root().get(0) as PageNode, depth: 0 },
  ];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (next.left) {
      leave(next.node);
      continue;
    }
    enter(next.node, next.depth);
    todo.push({ ...next, left: true });
    const children = "children" in next.node ? next.node.children : [];
    for (const node of children.toReversed()) todo.push({ node, depth: next.depth + 1 });
  }
}

/** Whether `outer` is `inner` or holds it. */
export function holds({ place }: Page, outer: PageNode, inner: PageNode): boolean {
  const [a, b] = [place.get(outer), place.get(inner)];
  return a !== undefined && b !== undefined && a.start <= b.start && b.end <= a.end;
}

/** Some nodes as HTML, with all that is in them. */
export const htmlOf = (nodes: readonly PageNode[]): string =>
  nodes.map((node) => serializeOuter(node, { treeAdapter })).join("");

/** Whether a node is a tag. */
export const isElement = (node: PageNode): node is PageElement => "attribs" in node;

/** Level of a heading, 1 to 6, or undefined. */
export function headingLevel(node: PageNode): number | undefined {
  if (!isElement(node)) return undefined;
  if (/^h[1-6]$/.test(node.name)) return Number(node.name[1]);
  return node.attribs.role === "heading" ? Number(node.attribs["aria-level"] ?? 2) : undefined;
}

const blocks = new Set(
  `address article aside blockquote body center dd details div dl dt figcaption figure footer form h1 h2
  h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul`.split(
    /\s+/,
  ),
);
const silent = new Set(["script", "style", "template", "head", "svg", "iframe", "object"]);

/** What a reader sees of some nodes: a line a block, cells apart, nothing added. */
export const textOf = (nodes: readonly PageNode[]): string =>
  nodes
    .map(rawText)
    .join("")
    .split("\n")
    .map((line) => line.replace(/[\s\u200b\ufeff]+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");

function rawText(node: PageNode): string {
  if (node.type === "text") return node.data.replace(/\s+/g, " ");
  if (!("children" in node)) return "";
  if (isElement(node) && silent.has(node.name)) return "";
  const inner = node.children.map(rawText).join("");
  if (!isElement(node)) return inner;
  if (node.name === "br") return "\n";
  if (node.name === "td" || node.name === "th") return `${inner} `;
  return blocks.has(node.name) ? `\n${inner}\n` : inner;
}
