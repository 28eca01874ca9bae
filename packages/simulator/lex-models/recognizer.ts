import { englishEncoder, type FaqMatcher, faqMatcher } from "@holdline/faq";

/** What a built bot listens for. */
export interface Phrased {
  readonly name: string;
  readonly utterances: readonly string[];
}

/** The intent a text means and how sure that is, or nothing. */
export type Recognizer = (
  text: string,
) => { readonly intent: string; readonly score: number } | undefined;

/** Bots whose matcher is kept: each costs some megabytes, and a version that was replaced is not asked again. */
const keptMost = 8;

/** What a recognizer is made of: an id of its own, the locale it listens in, and how sure it must be. */
interface Terms {
  readonly key: string;
  readonly locale: string;
  readonly threshold: number;
}

/** Makes recognizers of what was built, each once; the stand-in's own matcher in the place of Lex's. */
export function recognizers() {
  const kept = new Map<string, Recognizer>();
  return ({ key, locale, threshold }: Terms, intents: () => readonly Phrased[]): Recognizer => {
    const known = kept.get(key);
    if (known) return known;
    const pairs = intents().flatMap(({ name, utterances: [question, ...alternatives] }) =>
      // What is answered is the function's business.
      question === undefined ? [] : [{ id: name, question, alternatives, answer: "" }],
    );
    const match: FaqMatcher = faqMatcher(pairs, {
      minScore: threshold,
      encoder: englishEncoder(),
    });
    const recognizer: Recognizer = (text) => {
      const found = match(text, locale.replace("_", "-"));
      return found && { intent: found.id, score: found.score };
    };
    const [oldest] = kept.keys();
    if (kept.size >= keptMost && oldest !== undefined) kept.delete(oldest);
    kept.set(key, recognizer);
    return recognizer;
  };
}
