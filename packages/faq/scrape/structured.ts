import type { CheerioAPI } from "cheerio";
import * as z from "zod";
import { htmlOf, parsePage, textOf } from "./dom.ts";
import { answerPart, askedPart, mayBeQuestion } from "./question.ts";
import { sanitised } from "./sanitised.ts";

/** A pair as a page holds it, and the pattern that found it. */
export interface FoundPair {
  readonly question: string;
  readonly answer: string;
  readonly answerHtml: string;
  readonly section: string;
  readonly pattern: string;
}

const Text = z.union([z.string(), z.array(z.string()).transform((all) => all.join("\n"))]);
const Answer = z.object({ text: Text });
/** https://schema.org/Question, as much of it as FAQ pages use. */
const Question = z.object({
  "@type": z.union([z.string(), z.array(z.string())]),
  name: z.string().optional(),
  text: z.string().optional(),
  acceptedAnswer: z.union([Answer, z.array(Answer).transform((all) => all[0])]),
});

/** Pairs that a page declares for machines, by JSON-LD (schema.org's FAQPage). */
export function jsonLd($: CheerioAPI, base?: string): readonly FoundPair[] {
  const found: FoundPair[] = [];
  $('script[type="application/ld+json" i]').each((_, script) => {
    const todo: unknown[] = [jsonIn($(script).text())];
    for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
      if (typeof value !== "object" || value === null) continue;
      const pair = declared(value, base);
      if (pair) found.push(pair);
      else todo.push(...Object.values(value).toReversed());
    }
  });
  return found;
}

function jsonIn(text: string): unknown {
  try {
    // Some makers put it in a comment, or leave line breaks in strings.
    return JSON.parse(
      text.replace(/^\s*(<!--|\/\/<!\[CDATA\[)|(-->|\/\/\]\]>)\s*$/g, "").replace(/[\n\r\t]/g, " "),
    );
  } catch {
    return undefined;
  }
}

function declared(value: object, base: string | undefined): FoundPair | undefined {
  const read = Question.safeParse(value);
  if (!read.success || ![read.data["@type"]].flat().some((type) => /Question$/.test(type))) return;
  const { name, text, acceptedAnswer } = read.data;
  return pairOf(name ?? text ?? "", acceptedAnswer?.text ?? "", "json-ld", base);
}

/** Pairs that a page declares for machines, by attributes: microdata and RDFa. */
export function declaredByAttributes($: CheerioAPI, base?: string): readonly FoundPair[] {
  const found: FoundPair[] = [];
  const kinds = [
    { pattern: "microdata", item: '[itemtype*="schema.org/Question" i]', property: "itemprop" },
    { pattern: "rdfa", item: '[typeof$="Question"]', property: "property" },
  ];
  for (const { pattern, item, property } of kinds)
    $(item).each((_, node) => {
      const one = (name: string) => $(node).find(`[${property}$="${name}"]`).first();
      const answer =
        one("acceptedAnswer").length > 0 ? one("acceptedAnswer") : one("suggestedAnswer");
      const text = answer.is(`[${property}$="text"]`)
        ? answer
        : answer.find(`[${property}$="text"]`).first();
      const name = one("name").attr("content") ?? textOf(one("name").toArray());
      const said = (text.length > 0 ? text : answer).contents().toArray();
      const pair = pairOf(name, htmlOf(said), pattern, base);
      if (pair) found.push(pair);
    });
  return found;
}

function pairOf(
  name: string,
  html: string,
  pattern: string,
  base: string | undefined,
): FoundPair | undefined {
  const question = askedPart(pageText(unescaped(name)));
  const whole = unescaped(html);
  const answer = answerPart(pageText(whole));
  if (!mayBeQuestion(question) || answer === "") return undefined;
  return { question, answer, answerHtml: sanitised(whole, base), section: "", pattern };
}

/** Some makers escape what they put into JSON a second time. */
const unescaped = (html: string): string =>
  /&lt;\/?[a-z][^<]*?(&gt;|>)|&amp;(\w+|#\d+);/i.test(html) && !/<[a-z]/i.test(html)
    ? parsePage(html)("body").text()
    : html;

/** What a reader sees of some HTML. Throws on HTML that is nested too deep. */
export const pageText = (html: string): string => textOf(parsePage(html)("body").toArray());
