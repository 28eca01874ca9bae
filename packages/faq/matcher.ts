import type { FaqPair } from "./format.ts";
import { byMeaning, byWords } from "./judgement.ts";
import { lexicalField } from "./lexical.ts";
import type { SentenceEncoder } from "./meaning/encoder.ts";
import { meaningField } from "./meaning/field.ts";

/** The pair a text asks for. */
export interface Match {
  readonly id: string;
  /** How likely it is the right one, 0–1. */
  readonly score: number;
  readonly answer: string;
}

/** Finds the pair a text asks for, or says that there is none. Language is BCP 47. */
export type FaqMatcher = (text: string, language?: string) => Match | undefined;

/** Below this a text is not answered: of a hundred texts about other things less than two get past it. */
const defaultMinScore = 0.4;

/**
 * A matcher over some pairs. With an encoder it goes by what texts mean, too, in the encoder's language and
 * where none is given; in others, and without one, by words alone.
 */
export function faqMatcher(
  pairs: readonly FaqPair[],
  {
    minScore = defaultMinScore,
    encoder,
  }: { readonly minScore?: number; readonly encoder?: SentenceEncoder } = {},
): FaqMatcher {
  const every = fieldsOf(pairs, encoder);
  const byLanguage = new Map<string, Fields>();

  /** Pairs of a language and those of none. Made when first asked for: most FAQs have one language. */
  function fieldsIn(language: string): Fields {
    const ours = pairs.filter(
      (pair) => !pair.language || plainLanguage(pair.language) === language,
    );
    const understood = language === encoder?.language;
    const fields =
      byLanguage.get(language) ??
      (ours.length < pairs.length ? fieldsOf(ours, understood ? encoder : undefined) : every);
    byLanguage.set(language, fields);
    return understood ? fields : { ...fields, meaning: undefined };
  }

  return (text, language) => {
    const fields = language ? fieldsIn(plainLanguage(language)) : every;
    const heard = fields.lexical(text);
    const guess = fields.meaning ? byMeaning(heard, fields.meaning(heard.words)) : byWords(heard);
    const pair = guess && fields.pairs[guess.pair];
    if (!pair || guess.score < minScore) return undefined;
    return { id: pair.id, score: guess.score, answer: pair.answer };
  };
}

/** Pairs, and how texts are compared with them. */
interface Fields {
  readonly pairs: readonly FaqPair[];
  readonly lexical: ReturnType<typeof lexicalField>;
  readonly meaning: ReturnType<typeof meaningField> | undefined;
}

const fieldsOf = (pairs: readonly FaqPair[], encoder: SentenceEncoder | undefined): Fields => ({
  ...{ pairs, lexical: lexicalField(pairs, encoder?.knows) },
  meaning: encoder && meaningField(pairs, encoder),
});

/** `en` of `en-US`: an answer in another country's English beats none. */
const plainLanguage = (language: string) => (language.split("-")[0] as string).toLowerCase();
