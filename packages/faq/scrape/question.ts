const asking =
  /^(who|whom|whose|what|what's|when|where|which|why|how|is|are|am|was|were|do|does|did|can|could|should|shall|will|would|may|must|have|has|if)\b/i;

/** A page's furniture that stands where a question could. */
const furniture =
  /^(contact( us)?|(more |additional |other |related )?(information|resources|links|questions|topics|faqs?)|references|sources?|see also|footer|menu|share.*|(still )?have (a |more |any )?(other |further )?questions?\??|(did you find|was this).*|(didn't|did not|can't) find.*|need (more )?help\??|table of contents|on this page|frequently asked questions.*|faqs?|how can we help.*|(what are you|are you) (looking|searching) for\??|questions\??|search.*)$/i;

const numbered = /^(?:(?:q(?:uestion)?\s*#?\d*\s*[:.)\-–—]|#?\d{1,3}\s*[.):]|q\d+\b)\s+)+/i;
const signs = /^[\s+\-–—−▶▸►▼▾▲△#¶•*›»×✚]+(?=\p{L}|\p{N}|[¿"'“‘(])|[\s+\-–−▶▸►▼▾▲△#¶*›»×✚]+$/gu;

/** A question as one would ask it: without its number, its `Q:` and the signs of what opens and closes. */
export const askedPart = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .trim()
    .replace(signs, "")
    .replace(numbered, "")
    .replace(signs, "")
    .trim();

/** Whether a text is a question: by its mark, or by its first word. */
export function isAsked(text: string): boolean {
  if (!mayBeQuestion(text)) return false;
  return /[?？]["'”’)\]»\s.]*$/.test(text) || /[?？](\s|$)/.test(text) || asking.test(text);
}

/** Whether a text has the size of a question and is none of what stands on every page. */
export const mayBeQuestion = (text: string): boolean =>
  text.length >= 5 && text.length <= 500 && /\p{L}/u.test(text) && !furniture.test(text);

/** Whether a name, a title or a class says that questions follow. */
export const saysFaq = (text: string): boolean =>
  /faqs?\b|faq[-_]|frequently[\s_-]*asked|questions?[\s_-]*(and|&|n)[\s_-]*answers?|\bq\s*(&|and)\s*a\b|common questions/i.test(
    text,
  );

/** A question as it is compared with others: letters and digits alone. */
export const sameAs = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
