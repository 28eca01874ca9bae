/** Marks that Lex takes within a word; all others part words, braces would even name a slot. */
const notSpoken = /[^\p{L}\p{M}\p{N}'._ -]+/gu;

/**
 * A question as Lex can take it for an utterance: letters, digits and what stands within words, at most
 * `most` characters, cut between words. Lex does not hear case and marks when it compares.
 */
export function utteranceOf(question: string, most: number): string {
  const words = question
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replaceAll("&", " and ")
    .replaceAll("%", " percent ")
    .replace(notSpoken, " ")
    .split(/\s+/)
    .map((word) => word.replace(/^['._-]+|['_-]+$/g, "").replace(/(?<![.]\p{L})\.+$/u, ""))
    .filter((word) => word !== "");
  let utterance = "";
  for (const word of words) {
    const longer = utterance === "" ? word : `${utterance} ${word}`;
    if (longer.length > most) break;
    utterance = longer;
  }
  return utterance;
}

/** What two utterances have in common where Lex hears the same. */
export const heard = (utterance: string): string =>
  utterance
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, " ")
    .trim();

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\bcan't\b/gi, "cannot"],
  [/\bwon't\b/gi, "will not"],
  [/\b(\w+)n't\b/gi, "$1 not"],
  [/\b(what|where|when|who|how|it|there|that)'s\b/gi, "$1 is"],
  [/\b(i)'m\b/gi, "$1 am"],
  [/\b(\w+)'re\b/gi, "$1 are"],
  [/\b(\w+)'ve\b/gi, "$1 have"],
  [/\b(\w+)'ll\b/gi, "$1 will"],
];

/** How English questions begin that are about what follows. */
const openings =
  /^(how (do|can|should|would) (i|we|you)|where (do|can) (i|we)|(can|may|should|could) (i|we)|do (i|we) (need|have) to|what (is|are)( the| a| an)?|is it (possible|safe|ok|okay) to)\s+/i;

/** The same question in words that surely mean the same; English alone, the only language they are known of. */
export function variantsOf(utterance: string, language: string | undefined): readonly string[] {
  if (language !== undefined && !/^en\b/i.test(language)) return [];
  const whole = contractions.reduce((text, [form, words]) => text.replace(form, words), utterance);
  const subject = whole.replace(openings, "");
  const enough = subject.split(" ").length >= 2;
  return [...new Set([whole, ...(enough ? [subject] : [])])].filter((one) => one !== utterance);
}
