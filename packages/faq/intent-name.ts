import { createHash } from "node:crypto";

/**
 * The name of the intent a pair becomes in Lex: the same for the same id, another for another.
 *
 * Letters and single underscores, at most 100: V1 takes no digits (`^([A-Za-z]_?)+$`), and what V1
 * takes V2 takes, too. An id that cannot be spelled so gets letters of its digest behind it.
 */
export function intentName(id: string): string {
  const spelled = id.replaceAll("-", "_");
  // A name without an underscore might be Lex's own, such as FallbackIntent; small letters never are.
  if (/^[a-z]+(_[a-z]+)*$/.test(spelled) && !id.includes("_") && spelled.length <= 80)
    return spelled;
  const letters = (id.toLowerCase().match(/[a-z]+/g) ?? []).join("_").slice(0, 80);
  const digest = createHash("sha256").update(id).digest("hex");
  // Hexadecimal digits as the letters from g on, so that no two digests become one.
  const mark = digest.slice(0, 16).replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)] as string);
  return [letters.replace(/_$/, ""), "x", mark].filter((part) => part !== "").join("_");
}

/**
 * The name of the intent that pairs of a section share where a bot has no room for an intent each. The
 * part tells the intents of a large section apart; a function that answers looks in all of the section.
 */
export const sectionIntent = (
  { section = "" }: { readonly section?: string | undefined },
  part = 0,
) => intentName(`section ${part} ${section}`);
