import { createHash } from "node:crypto";
import { intentName, type KeptPair, sectionIntent } from "@holdline/faq";
import { grouped } from "./groups.ts";
import { heard, utteranceOf, variantsOf } from "./utterances.ts";

/** What one make of Lex allows a bot, or one locale of it, to have. */
export interface Limits {
  /** Intents, without the one for what is not understood. */
  readonly intents: number;
  readonly utterancesPerIntent: number;
  readonly utteranceLength: number;
  /** Characters of all utterances together. */
  readonly characters: number;
}

/** An intent as it is to be. */
export interface IntentPlan {
  readonly name: string;
  /** The pairs it stands for: one, or those of a section. */
  readonly ids: readonly string[];
  readonly utterances: readonly string[];
  /** What the bot says by itself; nothing where a function is asked. */
  readonly answer?: string;
  /** Another one means that Lex has to be told. */
  readonly digest: string;
}

/** The intents of one locale, and what somebody should know of how they came about. */
export interface LocalePlan {
  readonly localeId: string;
  readonly intents: readonly IntentPlan[];
  readonly groups: readonly { readonly section: string; readonly pairs: number }[];
  readonly leftOut: readonly { readonly id: string; readonly why: string }[];
}

/** Where the answers are: looked up by a function, or in the bot itself. */
export type Answers = "function" | "bot";

const plain = (language: string) => (language.split(/[-_]/)[0] ?? "").toLowerCase();

/** Lex V2 (developer guide, quotas): 1,000 intents in these locales, 250 in others; the fallback is one. */
export const v2Limits = (localeId: string): Limits => ({
  intents: (["en_AU", "en_GB", "en_US"].includes(localeId) ? 1_000 : 250) - 1,
  utterancesPerIntent: 1_500,
  utteranceLength: 500,
  characters: Number.POSITIVE_INFINITY,
});

/** Lex V1 (developer guide, limits). */
export const v1Limits: Limits = {
  intents: 249,
  utterancesPerIntent: 1_500,
  utteranceLength: 200,
  characters: 200_000,
};

/** Makes an intent of each pair of a locale's language; of each section where there are too many pairs. */
export function planOf(
  pairs: readonly KeptPair[],
  localeId: string,
  limits: Limits,
  answers: Answers = "function",
): LocalePlan {
  const language = plain(localeId);
  const ours = pairs
    .filter((pair) => pair.language === undefined || plain(pair.language) === language)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { utterances, leftOut } = utterancesOf(ours, limits);
  const asked = ours.filter(({ id }) => utterances.has(id));
  const groups = grouped(asked, limits);
  if (groups.size > 0 && answers === "bot")
    throw new Error(
      `${asked.length} pairs, and a bot takes ${limits.intents} intents: an intent for several pairs needs a function to answer; build with one`,
    );
  const together = new Map<string, KeptPair[]>();
  for (const pair of asked) {
    const part = groups.get(pair.id);
    const name = part === undefined ? intentName(pair.id) : sectionIntent(pair, part);
    together.set(name, [...(together.get(name) ?? []), pair]);
  }
  const intents = [...together].map(([name, members]) => {
    const ids = members.map(({ id }) => id);
    const phrases = ids.flatMap((id) => utterances.get(id) ?? []);
    const answer = answers === "bot" ? members[0]?.text : undefined;
    return intentOf(name, ids, phrases.slice(0, limits.utterancesPerIntent), answer);
  });
  const sections = Map.groupBy(
    asked.filter(({ id }) => groups.has(id)),
    ({ section = "" }) => section,
  );
  return {
    ...{ localeId, leftOut },
    intents: withinCharacters(intents, utterances, limits),
    groups: [...sections].map(([section, members]) => ({ section, pairs: members.length })),
  };
}

function intentOf(
  name: string,
  ids: readonly string[],
  utterances: readonly string[],
  answer: string | undefined,
): IntentPlan {
  const content = JSON.stringify([utterances, answer ?? null]);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { name, ids, utterances, ...(answer !== undefined && { answer }), digest };
}

/** Every pair's utterances, its question first; no two pairs have one that Lex hears the same. */
function utterancesOf(pairs: readonly KeptPair[], { utteranceLength: most }: Limits) {
  const owner = new Map<string, string>();
  const utterances = new Map<string, string[]>();
  const leftOut: { id: string; why: string }[] = [];
  const claimed = (id: string, utterance: string): boolean => {
    const key = heard(utterance);
    if (key === "" || owner.has(key) || utterance.length > most) return false;
    owner.set(key, id);
    utterances.set(id, [...(utterances.get(id) ?? []), utterance]);
    return true;
  };
  for (const { id, question, section } of pairs) {
    const asked = utteranceOf(question, most);
    const inSection = utteranceOf(`${section ?? ""} ${question}`, most);
    if (claimed(id, asked) || (asked !== "" && claimed(id, inSection))) continue;
    const other = owner.get(heard(asked));
    const why = other ? `asks the same as ${other}` : "has a question without a word";
    leftOut.push({ id, why });
  }
  const more = pairs.filter(({ id }) => utterances.has(id));
  for (const { id, alternatives = [] } of more)
    for (const other of alternatives) claimed(id, utteranceOf(other, most));
  // Of a variant that two questions have nobody could tell which is meant.
  const variants = more.flatMap(({ id, language }) =>
    (utterances.get(id) ?? []).flatMap((utterance) =>
      variantsOf(utterance, language).map((variant) => ({ id, variant })),
    ),
  );
  const wanted = Map.groupBy(variants, ({ variant }) => heard(variant));
  for (const those of wanted.values()) {
    const [first] = those;
    if (first && those.every(({ id }) => id === first.id)) claimed(first.id, first.variant);
  }
  return { utterances, leftOut };
}

/** Leaves variants out until all utterances together fit. */
function withinCharacters(
  intents: readonly IntentPlan[],
  utterances: ReadonlyMap<string, readonly string[]>,
  { characters }: Limits,
): readonly IntentPlan[] {
  const count = (some: readonly IntentPlan[]) =>
    some.reduce((sum, intent) => sum + intent.utterances.join("").length, 0);
  if (count(intents) <= characters) return intents;
  const first = intents.map(({ name, ids, answer }) => {
    const questions = ids.flatMap((id) => utterances.get(id)?.[0] ?? []);
    return intentOf(name, ids, questions, answer);
  });
  if (count(first) > characters)
    throw new Error(
      `the questions alone have ${count(first)} characters, and a bot takes ${characters}; make two bots of them`,
    );
  return first;
}
