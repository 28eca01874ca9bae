import { mend, segmentation } from "@holdline/channels";
import { type Fittable, fitForSms, KeptPair } from "@holdline/faq";
import type * as z from "zod";

/** A line of a file of pairs: as `faq scrape` prints them, or as a person writes them. */
export const GivenPair = KeptPair.omit({ text: true });

/** A pair as the table keeps it: beside the whole answer, what of it is said on a phone. */
export const kept = (pair: z.infer<typeof GivenPair>): KeptPair => ({
  ...pair,
  text: fitted(pair),
});

/** An answer as it goes to a phone. */
export const fitted = ({ answer, answerHtml, source }: z.infer<typeof GivenPair>): string => {
  const pair: Fittable = {
    answer,
    ...(answerHtml !== undefined && { answerHtml }),
    ...(source !== undefined && { source }),
  };
  return fitForSms(pair, mend);
};

/** What fitting saves, in a line: segments of the answers as they stand on the page and as they are sent. */
export function savingOf(pairs: readonly z.infer<typeof GivenPair>[]): string {
  const count = (texts: readonly string[]) =>
    texts.reduce((sum, text) => sum + segmentation(text).segments, 0);
  const before = count(pairs.map(({ answer }) => answer));
  const after = count(pairs.map(fitted));
  const saved = before === 0 ? 0 : Math.round((1 - after / before) * 100);
  const change = saved >= 0 ? `${saved} % less` : `${-saved} % more`;
  return `${before} segments as on the page, ${after} fitted: ${change}`;
}
