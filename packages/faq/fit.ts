import { lines } from "./fit/lines.ts";
import { shortLink } from "./fit/short-link.ts";
import type { ScrapedPair } from "./pair.ts";

/** What of a pair becomes a text. */
export type Fittable = Pick<ScrapedPair, "answer"> &
  Partial<Pick<ScrapedPair, "answerHtml" | "source">>;

/** Lex takes at most this many characters of a message (facts of both versions). */
const most = 1_024;

/** What no phone needs of a page: when it was touched, and what to do with a mouse. */
const idle =
  /^((page |last |content )*(updated|reviewed|revised|modified)( on)?:? .{0,30}|\(?(opens in a )?new (window|tab)\)?|click here\.?)$/i;

/** An address as it stands in a sentence, without what ends the sentence. */
const address = /https?:\/\/[^\s<>()"]*[^\s<>()".,;:!?]/g;

/** Signs with a spelling that any phone can show, where the one they have makes the whole text dear. */
const spelled: Readonly<Record<string, string>> = {
  "™": "(TM)",
  "®": "(R)",
  "©": "(C)",
  "→": "->",
  "⇒": "=>",
  "←": "<-",
  "≥": ">=",
  "≤": "<=",
  "≠": "not ",
  "×": "x",
  "÷": "/",
  "±": "+/-",
  "°": " degrees ",
  "½": "1/2",
  "¼": "1/4",
  "¾": "3/4",
  "✓": "-",
  "✔": "-",
  "▪": "-",
  "■": "-",
  "◦": "-",
  "○": "-",
  "‣": "-",
  "⁃": "-",
  "►": "-",
  ﬁ: "fi",
  ﬂ: "fl",
};

/**
 * An answer as a text that reads well on a phone: a line a block, list items marked, links once and
 * short, headings dropped, at most 1,024 characters with the rest behind a link to the page. `cheap` makes
 * a text cost less where nobody would notice: the channels know what that is.
 */
export function fitForSms(pair: Fittable, cheap: (text: string) => string): string {
  const said = (pair.answerHtml ? lines(pair.answerHtml) : pair.answer.split("\n"))
    .map((line) =>
      spell(line.replace(address, (said) => shortLink(said) ?? said))
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((line) => line !== "" && line !== "-");
  while (said.length > 1 && idle.test(said.at(-1) ?? "")) said.pop();
  const whole = cheap(said.join("\n"));
  if (whole.length <= most && whole !== "") return whole;
  if (whole === "") return shortened(cheap(pair.answer), pair.source);
  return shortened(whole, pair.source);
}

function spell(line: string): string {
  let text = "";
  for (const char of line) text += spelled[char] ?? char;
  return text.replace(/ degrees ([CF])\b/g, " degrees $1");
}

/** As many whole lines and sentences as there is room for, and where the rest is. */
function shortened(text: string, source: string | undefined): string {
  if (text.length <= most) return text;
  const page = source && /^https?:/.test(source) ? `\nMore: ${source}` : "...";
  const rest = page.length < most / 2 ? page : "...";
  const room = text.slice(0, most - rest.length);
  const ends = [...room.matchAll(/[.!?](?=\s)|\n/g)].map(({ index }) => index + 1);
  const end = ends.at(-1) ?? 0;
  const cut = end > most / 2 ? room.slice(0, end) : room.replace(/\s\S*$/, "");
  return `${cut.trimEnd()}${rest}`;
}
