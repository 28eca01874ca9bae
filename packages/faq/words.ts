/**
 * English words that say how something is asked, not what about. They count when two questions are
 * compared ("when" and "where" differ), but a text that has nothing else in common is not answered.
 */
const functionWords = new Set(
  `a an the is are was were be been am do does did done have has had having i me my mine we us our you
  your yours it its he she they them their his her this that these those to of in on at for from with by
  about as into and or but if so than then too very can could will would shall should may might must
  what which who whom whose when where why how there here not no yes please just get got im ive id dont
  cant wont whats wheres hows s t m ve re d ll hi hello hey ok okay thanks thank tell know need want like
  any some`.split(/\s+/),
);

/** Whether a word says what a text is about. */
export const isContent = (word: string): boolean => !functionWords.has(word);

/** The words of a text in one spelling: small, without accents and apostrophes. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/['’`]/g, "");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** An English word without its commonest endings; crude, but the same for question and text. */
export function stemOf(word: string): string {
  if (word.length <= 4) return word;
  const singular = word
    .replace(/ies$/, "y")
    .replace(/sses$/, "ss")
    .replace(/([^s])s$/, "$1");
  const bare = singular.length > 5 ? singular.replace(/(ing|ed|ation|ment)$/, "") : singular;
  return bare.replace(/(.)\1$/, "$1").replace(/e$/, "");
}

/** Three letters at a time, the ends marked: what two spellings of a word still share. */
export function gramsOf(word: string): readonly string[] {
  const marked = `<${word}>`;
  return Array.from({ length: Math.max(1, marked.length - 2) }, (_, at) =>
    marked.slice(at, at + 3),
  );
}
