/** What a text can be besides a text: a command to us, told by the whole message and nothing less. */
export type Keyword = "stop" | "start" | "help" | "wait" | "yes" | "no";

/**
 * The words. STOP: those AWS opts out by (End User Messaging, "Keywords") and those the FCC names as
 * reasonable means to revoke consent (47 CFR 64.1200(a)(10)), with their usual Spanish. START and
 * UNSTOP alone undo a STOP. One string per line of similar words, separated by commas.
 */
const words: Readonly<Record<Keyword, string>> = {
  stop: "stop, stopall, stop all, quit, end, cancel, unsubscribe, revoke, optout, opt-out, opt out, remove, arret, td, alto, parar, baja, cancelar",
  start: "start, unstop",
  help: "help, info, ayuda",
  wait: "wait, espera, esperar",
  yes: "yes, y, yes please, yeah, yep, yup, sure, ok, okay, si, si por favor, claro, vale, de acuerdo",
  no: "no, n, nope, nah, no thanks, no thank you, no gracias",
};

const keywords = new Map<string, Keyword>(
  Object.entries(words).flatMap(([keyword, line]) =>
    line.split(", ").map((word) => [word, keyword as Keyword] as const),
  ),
);

const longest = Math.max(...[...keywords.keys()].map((word) => word.length));

/**
 * The keyword a whole message is, or nothing: "Stop." is one, "Stop by at 5?" is a text to relay.
 *
 * Case, accents, kinds of dashes, surrounding punctuation, symbols and white space do not matter; more words do.
 */
export function keywordOf(text: string): Keyword | undefined {
  if (lettersOf(text) > longest) return undefined;
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/\p{Pd}/gu, "-")
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")
    .replace(/\s+/g, " ");
  return keywords.get(plain);
}

/** Its plain letters and digits, which are left whatever is folded or trimmed: most texts have too many for a keyword. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const small = code | 0x20;
    if ((small >= 0x61 && small <= 0x7a) || (code >= 0x30 && code <= 0x39)) letters++;
  }
  return letters;
}
