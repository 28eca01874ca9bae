import { type Once, type OnceTerms, type StateStore, stage, Unsure } from "@holdline/runtime";
import { vi } from "vitest";
import { AnswerGiven, around, QuestionAsked, question } from "./around.ts";

/** Something the world is asked to do. */
export type Send = (token: string, signal: AbortSignal) => Promise<unknown>;

/** Sends every question through the door for effects; `after` is what the stage does then. */
export function sending(
  send: Send,
  terms: OnceTerms<unknown>,
  given: { after?: () => void; store?: StateStore; name?: string } = {},
) {
  const sent = vi.fn(send);
  const sender = stage({
    name: "sender",
    on: [QuestionAsked],
    emits: [AnswerGiven],
    async run({ data }, { once }: { once: Once }) {
      const outcome = await once("send", sent, terms);
      given.after?.();
      return [AnswerGiven({ ...data, text: JSON.stringify(outcome) })];
    },
  });
  return { ...around(sender, given.store && { store: given.store }), sent };
}

/** Under which `sender` sends the first question. */
export const token = `sender/${question().id}/send`;
/** The world does it. */
export const accepted: Send = async () => ({ carrierId: "SM1" });
/** The world may have done it. */
export const silent: Send = async () => {
  throw new Unsure("carrier-silent");
};
/** Idempotent, or as good as. */
export const harmless = { ifUnsure: "retry" } as const;
/** Never to be repeated unless a person says so. */
export const risky = { ifUnsure: "dead-letter" } as const;
/** An effect that is repeated once when nobody can tell. */
export const evidenced = (evidence: (token: string) => unknown = () => undefined) =>
  ({ ifUnsure: "retry", evidence, waitMs: 5_000 }) as const;

/** Fails this many times, then holds. */
export const failingFirst = (times: number) => {
  let left = times;
  return () => {
    if (left-- > 0) throw new Error("crashed after the effect");
  };
};
