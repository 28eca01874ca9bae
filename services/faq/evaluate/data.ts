import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaqPair } from "@holdline/faq";
import * as z from "zod";
import { textsOf } from "../../texts.ts";
import { csvRows } from "./csv.ts";

/** A question somebody asked, and the pairs that answer it. */
export interface Asked {
  readonly text: string;
  readonly answeredBy: ReadonlySet<string>;
}

/** What a matcher is judged by. */
export interface Trial {
  readonly pairs: readonly FaqPair[];
  /** By where they come from. */
  readonly asked: Readonly<Record<string, readonly Asked[]>>;
  /** Texts about other things. */
  readonly other: readonly string[];
  /** Questions real people asked such a bot, of which nobody wrote down what answers them. */
  readonly unlabelled: readonly string[];
}

const Row = z.object({
  questionText: z.string().nullish(),
  answerText: z.string().nullish(),
  answerOriginal: z.string().nullish(),
});

/** Spelling aside, the same question; some rows have the answer behind it again. */
const plain = (text: string) =>
  text
    .replace(/\nA[.:][\s\S]*$/, "")
    .replace(/^\s*Q[.:]/, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Reads the sets of questions of a folder. Throws naming what it should hold. */
export function trialIn(folder: string): Trial {
  const read = (...path: string[]) => {
    const file = join(folder, ...path);
    if (!existsSync(file))
      throw new Error(`${file} is missing; docs/faq.md says what --data holds`);
    return readFileSync(file, "utf8");
  };
  const pairs = new Map<string, FaqPair>();
  /** Pairs with one question are one pair: nobody could tell which was meant. */
  const add = (question: string, answer: string) => {
    const id = plain(question);
    if (id === "" || answer.trim() === "" || pairs.has(id)) return id;
    pairs.set(id, {
      id,
      question: question.trim(),
      answer: answer.trim(),
      ...{ alternatives: [] },
    });
    return id;
  };
  const sites = join(folder, "jhu-covid-qa");
  if (!existsSync(sites))
    throw new Error(`${sites} is missing; docs/faq.md says what --data holds`);
  for (const file of readdirSync(sites).filter((name) => name.endsWith(".jsonl")))
    for (const line of read("jhu-covid-qa", file)
      .split("\n")
      .filter((one) => one.trim() !== "")) {
      const { questionText, answerText, answerOriginal } = Row.parse(JSON.parse(line));
      add(questionText ?? "", answerText || answerOriginal || "");
    }
  const similar = csvRows(read("deepset-covid-qa", "eval_question_similarity_en.csv"))
    .filter((row) => row.similar === "1")
    .map(({ question_1 = "", question_2 = "" }) => ({ text: question_2, asks: plain(question_1) }));
  // Of the set's own pairs only those that are asked for and no site has: the sites' are the FAQ.
  for (const { question = "", answer = "" } of csvRows(
    read("deepset-covid-qa", "faq_covidbert.csv"),
  ))
    if (similar.some(({ asks }) => asks === plain(question))) add(question, answer);
  const paraphrases = similar
    .filter(({ asks }) => pairs.has(asks))
    .map(({ text, asks }) => ({ text, answeredBy: new Set([asks]) }));
  const intents = intentsIn(read("dialogue-covidfaq", "en", "nlu.md"));
  const answers = answersIn(read("dialogue-covidfaq", "en", "responses.md"));
  const dialogue = askedOfIntents(intents, answers, add);
  return {
    pairs: [...pairs.values()],
    asked: { "deepset paraphrases": paraphrases, "dialogue-covidfaq intents": dialogue },
    other: textsOf(join(folder, "sms-corpora", "uci-sms-spam-collection.tsv")),
    unlabelled: csvRows(read("dialogue-covidfaq", "train_set_covid.csv"))
      .filter(({ language }) => language === "en")
      .map(({ question = "" }) => question),
  };
}

/** Phrasings by intent, of those that ask something. */
function intentsIn(markdown: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let own: string[] | undefined;
  for (const line of markdown.split("\n")) {
    const title = /^## *intent: *ask_faq\/(\S+)/.exec(line)?.[1];
    if (title !== undefined) {
      own = found.get(title) ?? [];
      found.set(title, own);
    } else if (line.startsWith("## ")) own = undefined;
    else if (line.startsWith("- ")) own?.push(line.slice(2).trim());
  }
  return found;
}

function answersIn(markdown: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let intent = "";
  for (const line of markdown.split("\n")) {
    const named = /^\* ask_faq\/(\S+)/.exec(line)?.[1];
    if (named !== undefined) intent = named;
    else if (/^ +- /.test(line) && intent !== "") found.set(intent, line.replace(/^ +- /, ""));
  }
  return found;
}

/**
 * The first phrasing of an intent is the page's question, the others are asked. Intents that give one
 * answer, or share a phrasing, are as right as each other.
 */
function askedOfIntents(
  intents: ReadonlyMap<string, readonly string[]>,
  answers: ReadonlyMap<string, string>,
  add: (question: string, answer: string) => string,
): readonly Asked[] {
  const ids = new Map<string, string>();
  for (const [intent, [first = ""]] of intents)
    ids.set(intent, add(first, answers.get(intent) ?? ""));
  const sharing = (intent: string, text: string) =>
    [...intents].filter(
      ([other, phrasings]) =>
        answers.get(other) === answers.get(intent) ||
        phrasings.some((one) => plain(one) === plain(text)),
    );
  const seen = new Set<string>();
  return [...intents].flatMap(([intent, phrasings]) =>
    phrasings.slice(1).flatMap((text) => {
      if (seen.has(plain(text)) || [...ids.values()].includes(plain(text))) return [];
      seen.add(plain(text));
      return [
        { text, answeredBy: new Set(sharing(intent, text).map(([one]) => ids.get(one) ?? "")) },
      ];
    }),
  );
}
