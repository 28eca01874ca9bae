import { KeptPair } from "@holdline/faq";
import type { z } from "zod";

/** A line of a file of pairs: as `faq scrape` prints them, or as a person writes them. */
export const GivenPair = KeptPair.omit({ text: true });

/** Lex takes at most 1,024 characters of a message. */
const most = 1_024;

/** A pair as the table keeps it: beside the whole answer, what of it is said on a phone. */
export const kept = (pair: z.infer<typeof GivenPair>): KeptPair => ({
  ...pair,
  text: fitted(pair.answer, pair.source),
});

/** The answer, or as many whole sentences of it as there is room for, and where the rest is. */
function fitted(answer: string, source: string | undefined): string {
  if (answer.length <= most) return answer;
  const rest = source && /^https?:/.test(source) ? `\n${source}` : " ...";
  const room = answer.slice(0, most - rest.length);
  const sentence = room.search(/[.!?](?=\s)[^.!?]*$/);
  return `${sentence > most / 2 ? room.slice(0, sentence + 1) : room.replace(/\s\S*$/, "")}${rest}`;
}
