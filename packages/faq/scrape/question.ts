import { isElement, type Page, type PageElement, type PageNode } from "./dom.ts";

const asking =
  /^(who|whom|whose|what|what's|when|where|which|why|how|is|are|am|was|were|do|does|did|can|could|should|shall|will|would|may|must|have|has|if)\b/i;

/** A page's furniture that stands where a question could. */
const furniture =
  /^(contact( us)?|(more |additional |other |related )?(information|resources|links|questions|topics|articles|faqs?)|references|sources?|see also|footer|menu|share.*|(do you )?(still )?(have|got) (a |more |any |other |further |another )*questions?\??|(did you find|(was|is) this (page|article|answer|information|helpful)).*|(didn't|did not|can't) find.*|(do you )?need (more |further |some )?(help|assistance|information)\??|table of contents|contents|on this page|frequently asked questions.*|(general |common )?faqs?|how can we (help|improve).*|(what are you|are you) (looking|searching) for\??|looking for (something|more).*|questions\??|comments|search.*|people also ask(ed)?|you (may|might) also.*)$/i;

const prefixed = /^\s*q(uestion)?\s*#?\d*\s*[:.)]\s*\S/i;
const countedUp = /^\s*#?\d{1,3}\s*[.):]\s*\S/;
const numbered = /^(?:(?:q(?:uestion)?\s*#?\d*\s*[:.)\-–—]|#?\d{1,3}\s*[.):]|q\d+\b)\s+)+/i;
const signs =
  /^[\s+\-–—−▶▸►▼▾▲△#¶•*›»×✚\u25ba\ue000-\uf8ff]+(?=\p{L}|\p{N}|[¿"'“‘(])|[\s+\-–−▶▸►▼▾▲△#¶*›»×✚🔗\ue000-\uf8ff]+$/gu;

/** A question as one would ask it: without its number, its `Q:` and the signs of what opens and closes. */
export const askedPart = (text: string): string =>
  text
    .replace(/^\s*q(uestion)?\s*#?\d*\s*\n/i, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(signs, "")
    .replace(numbered, "")
    .replace(signs, "")
    .trim();

/** An answer without what only says that it is one. */
export const answerPart = (text: string): string =>
  text.replace(/^\s*a(nswer)?\s*\d*\s*([:.]\s+|\n)/i, "");

/** Whether a text begins with `Q:`. */
export const isPrefixed = (text: string): boolean => prefixed.test(text);

/** Whether a text begins with a number of its own. */
export const isNumbered = (text: string): boolean => countedUp.test(text);

/** Whether a text has a question mark where a sentence ends. */
export const isMarked = (text: string): boolean => /[?？](["'”’)\]»\s.]|$)/.test(text);

/** Whether a text is a question: by its mark, or by its first word. */
export const isAsked = (text: string): boolean =>
  mayBeQuestion(text) && (isMarked(text) || asking.test(text));

/** Whether a text has the size of a question and is none of what stands on every page. */
export const mayBeQuestion = (text: string): boolean =>
  text.length >= 5 && text.length <= 3_000 && /\p{L}/u.test(text) && !furniture.test(text);

/** Whether a name, a title or a class says that questions follow. */
export const saysFaq = (text: string): boolean =>
  /faqs?\b|faq[-_]|frequently[\s_-]*asked|questions?[\s_-]*(and|&|n)[\s_-]*answers?|\bq\s*(&|and)\s*a\b|common questions/i.test(
    text,
  );

/** Whether a title, a trail or an address says that one page of many is an answer. */
export const saysHelp = (text: string): boolean =>
  saysFaq(text) ||
  /help[\s_-]*cent(er|re)|knowledge[\s_-]*base|support[\s_-]*articles?/i.test(text);

/** A question as it is compared with others: letters and digits alone. */
export const sameAs = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const asksByName = new Set(["question", "questions", "q", "ques", "summary"]);
const opensByName = new Set(
  "title header heading head trigger toggle button btn label link control name text opener handle".split(
    " ",
  ),
);
const holdsByName = new Set(
  "faq faqs qa qna accordion accordions collapse collapsible expand expander expandable toggle disclosure panel question".split(
    " ",
  ),
);

const namesIn = (node: PageElement): readonly string[] =>
  `${node.attribs.class ?? ""} ${node.attribs.slot ?? ""} ${node.attribs["data-hook"] ?? ""}`
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Whether a node is named like what opens an answer: a question, or the title of something that opens. */
export function namesQuestion(_: Page, node: PageElement): boolean {
  const own = namesIn(node);
  if (own.some((name) => asksByName.has(name))) return true;
  if (!own.some((name) => opensByName.has(name))) return false;
  let at: PageNode | null = node;
  for (let up = 0; up < 4 && at && isElement(at); up++, at = at.parent)
    if (namesIn(at).some((name) => holdsByName.has(name)) || /faq|accordion/.test(at.name))
      return true;
  return false;
}
