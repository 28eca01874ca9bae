import * as z from "zod";

/**
 * A pair as a person writes it. A FAQ is a file of lines, each one JSON object: what a person edits, what is built into a bot, and
 * what the embedded matcher answers from. Blank lines are skipped.
 */
export const FaqPair = z.strictObject({
  id: z.string().min(1).max(100),
  question: z.string().min(1),
  /** Lex takes at most 1,024 characters of a message. */
  answer: z.string().min(1).max(1_024),
  /** The same question in other words: each makes it easier to find. */
  alternatives: z.array(z.string().min(1)).optional(),
  /** BCP 47; a pair without one answers in every language. */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
});

/** One question and its answer. */
export type FaqPair = Readonly<z.infer<typeof FaqPair>>;

/** Errors shown at once: enough to see what is wrong with a file, not a page for every line of it. */
const shownMax = 10;

/** Reads a FAQ. Throws one error that names every wrong line of `name` and what is wrong with it. */
export const readFaq = (text: string, name = "FAQ"): readonly FaqPair[] =>
  readPairs(FaqPair, text, name);

/** Reads lines that are pairs of some kind, with the same care. */
export function readPairs<Pair extends { readonly id: string }>(
  schema: z.ZodType<Pair>,
  text: string,
  name: string,
): readonly Pair[] {
  const pairs: Pair[] = [];
  const wrong: string[] = [];
  const lineOf = new Map<string, number>();
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (line.trim() === "") return;
      const at = `${name}, line ${index + 1}`;
      const read = pairIn(schema, line);
      if ("wrong" in read) {
        wrong.push(`${at}: ${read.wrong}`);
        return;
      }
      const first = lineOf.get(read.pair.id);
      if (first !== undefined)
        wrong.push(`${at}: id "${read.pair.id}" was used in line ${first}; give each pair its own`);
      lineOf.set(read.pair.id, first ?? index + 1);
      pairs.push(read.pair);
    });
  if (wrong.length > shownMax)
    wrong.splice(shownMax, wrong.length, `and ${wrong.length - shownMax} more`);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return pairs;
}

function pairIn<Pair>(schema: z.ZodType<Pair>, line: string): { pair: Pair } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { wrong: `not JSON (${(error as Error).message}); each line is one whole object` };
  }
  const result = schema.safeParse(value);
  if (result.success) return { pair: result.data };
  const wrong = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `"${path.join(".")}": ${message}` : message,
  );
  return { wrong: wrong.join("; ") };
}

/** Writes a FAQ the way `readFaq` reads it. */
export const writeFaq = (pairs: readonly FaqPair[]): string =>
  pairs.map((pair) => `${JSON.stringify(pair)}\n`).join("");
