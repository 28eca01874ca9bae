import { createHash } from "node:crypto";
import type { Calls } from "./calls.ts";
import type { IntentPlan, LocalePlan } from "./plan.ts";

/** What building a bot needs beside what is in it. */
export interface BuildTerms {
  readonly botName: string;
  readonly alias: string;
  /** The function that looks answers up; nothing where the bot has them itself. */
  readonly functionArn?: string | undefined;
  /** Below this (0–1) Lex answers with the fallback intent. */
  readonly threshold: number;
  readonly perSecond: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** A line for whoever watches. */
  readonly progress: (line: string) => void;
  /** Asks the alias a question of its own after it was moved; says what is wrong with it. */
  readonly check?: (
    place: Built,
    intent: IntentPlan,
    localeId: string,
  ) => Promise<string | undefined>;
}

/** Where a built bot answers. */
export interface Built {
  readonly botId: string;
  readonly aliasId: string;
  readonly version: string;
}

/** What a build came to. */
export interface BuildReport extends Built {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Whether the alias was moved; otherwise it served all of this already. */
  readonly moved: boolean;
  readonly calls: Calls;
}

/** What one part of a build needs of time at most. */
export const mostMs = 15 * 60_000;

/** Begins the description of everything that was made here: what has none of it is nobody's to touch. */
const ours = "holdline ";

/** The description that tells later runs what an intent is made of. */
export const marked = (digest: string, about = ""): string =>
  `${ours}${digest} ${about}`.slice(0, 200).trim();

/** The digest in a description, where it is one of ours. */
export const markIn = (description: string | undefined): string | undefined =>
  description?.startsWith(ours) ? description.slice(ours.length).split(" ")[0] : undefined;

/** A digest of all a version is made of. */
export function planDigest(
  locales: readonly LocalePlan[],
  { functionArn, threshold }: Pick<BuildTerms, "functionArn" | "threshold">,
): string {
  const content = locales.map(({ localeId, intents }) => [
    localeId,
    intents.map(({ name, digest }) => `${name} ${digest}`).sort(),
  ]);
  const hooked = functionArn !== undefined;
  return createHash("sha256")
    .update(JSON.stringify([content, hooked, threshold]))
    .digest("hex")
    .slice(0, 16);
}

/** What of some intents has to be made, made anew and taken away. */
export function differences<There extends { readonly mark: string | undefined }>(
  wanted: readonly IntentPlan[],
  there: ReadonlyMap<string, There>,
) {
  const names = new Set(wanted.map(({ name }) => name));
  return {
    missing: wanted.filter(({ name }) => !there.has(name)),
    changed: wanted.filter(({ name, digest }) => {
      const found = there.get(name);
      return found !== undefined && found.mark !== digest;
    }),
    gone: [...there].filter(([name]) => !names.has(name)),
  };
}
