import type { LexRuntimeV2ClientConfig } from "@aws-sdk/client-lex-runtime-v2";
import * as z from "zod";
import { defaultFallbacks } from "./lex-terms.ts";

/** The settings every AWS client takes; where `endpoint` names another than AWS, it is spoken to instead. */
export type LexClientSettings = Pick<
  LexRuntimeV2ClientConfig,
  "endpoint" | "credentials" | "requestHandler" | "profile"
> & { readonly region: string };

/** The settings of either Lex beside which bot it is. */
export const lexOptions = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .optional(),
  client: z.custom<LexClientSettings>(
    (client) => typeof (client as { region?: unknown } | undefined)?.region === "string",
    "needs at least `region`",
  ),
  /** Intents that mean "I did not understand". */
  fallbackIntents: z.array(z.string().min(1)).default([...defaultFallbacks]),
  /** An answer the bot is less sure of than this (0–1) is none; unset, the bot's own threshold is all. */
  minScore: z.number().min(0).max(1).optional(),
  requestTimeoutMs: z.int().min(100).max(60_000).default(5_000),
};

/** The fix for each setting both have; each bot adds its own. */
export const lexFixes: Readonly<Record<string, string>> = {
  name: "lower-case letters, digits and dashes",
  client: "give the settings of the AWS client",
  fallbackIntents: "a list of intent names",
  minScore: "a number from 0 to 1, or leave it out",
  requestTimeoutMs: "whole milliseconds from 100 to 60000, below the stage's lease",
};

/** Checks settings, and says of each wrong one what it is called and how to mend it. */
export function checkedOptions<Schema extends z.ZodType>(
  bot: string,
  schema: Schema,
  options: unknown,
  fixes: Readonly<Record<string, string>>,
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const fix = fixes[String(path[0])] ?? "remove it";
    return `${bot}: setting \`${path.join(".")}\`: ${message}; ${fix}`;
  });
  throw new Error(lines.join("\n"));
}
