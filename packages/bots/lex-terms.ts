import { createHash } from "node:crypto";

/** Both Lex runtimes take 1–1,024 characters of text (service models lex-runtime, lexv2-runtime). */
const maxChars = 1_024;

/**
 * The text as Lex can take it: at most 1,024 characters, cut between words where there are words, and
 * never within a character. Empty when there is nothing to ask.
 */
export function fitQuestion(text: string): string {
  const whole = text.toWellFormed().trim();
  const chars = [...whole];
  if (chars.length <= maxChars) return whole;
  const most = chars.slice(0, maxChars).join("");
  if (/\s/.test(chars[maxChars] ?? "")) return most;
  const words = most.slice(0, /\s\S*$/.exec(most)?.index ?? most.length);
  // One word may be half of it: then the end of a word is not worth half a text.
  return words.length > most.length / 2 ? words : most;
}

/** `sessionId` (V2) and `userId` (V1): 2–100 of these. A plus, as of a phone number, is not among them. */
const legal = /^[0-9a-zA-Z._:-]{2,100}$/;

/** The conversation as Lex can name it: as it is where that is legal, else a digest of it. */
export function fitSession(sessionId: string): string {
  if (legal.test(sessionId)) return sessionId;
  return `s-${createHash("sha256").update(sessionId).digest("base64url")}`;
}

/** The intents Lex answers with when it has understood nothing; V2's name, and the built-in's. */
export const defaultFallbacks: readonly string[] = ["FallbackIntent", "AMAZON.FallbackIntent"];
