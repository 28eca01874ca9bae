import { mend, segmentation } from "@holdline/channels";
import { type Fittable, fitForSms } from "@holdline/faq";

/** An answer as it goes to a phone. */
export const fitted = (pair: Fittable): string => fitForSms(pair, mend);

/** What fitting saves, in a line: segments of the answers as they stand on the page and as they are sent. */
export function savingOf(pairs: readonly Fittable[]): string {
  const count = (texts: readonly string[]) =>
    texts.reduce((sum, text) => sum + segmentation(text).segments, 0);
  const before = count(pairs.map(({ answer }) => answer));
  const after = count(pairs.map(fitted));
  const saved = before === 0 ? 0 : Math.round((1 - after / before) * 100);
  const change = saved >= 0 ? `${saved} % less` : `${-saved} % more`;
  return `${before} segments as on the page, ${after} fitted: ${change}`;
}
