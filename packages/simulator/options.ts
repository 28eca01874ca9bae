import * as z from "zod";
import { BUSINESS_NUMBER } from "./identity.ts";
import type { Matcher } from "./lex/lex.ts";
import type { Log } from "./world.ts";

const Settings = z.strictObject({
  port: z.int().min(0).max(65_535).default(4610),
  host: z.string().min(1).default("127.0.0.1"),
  dataDir: z.string().min(1).optional(),
  quotas: z.union([z.literal("aws"), z.literal("off"), z.number().positive()]).default("aws"),
  speed: z.number().positive().max(100_000).default(1),
  matcher: z
    .custom<Matcher>((value) => typeof value === "function", "must be a function")
    .optional(),
  flowsDir: z.string().min(1).optional(),
  numbers: z
    .array(
      z.strictObject({
        address: z.string().regex(/^\+[1-9][0-9]{1,18}$/, "must be an E.164 number"),
        optOut: z.enum(["self", "aws"]).default("self"),
        // A US 10DLC number starts at 1 part a second; 10 is what other long codes have.
        partsPerSecond: z.number().positive().default(10),
      }),
    )
    .min(1)
    .default([{ address: BUSINESS_NUMBER, optOut: "self", partsPerSecond: 10 }]),
  agents: z
    .array(z.strictObject({ name: z.string().min(1), chats: z.int().min(1).default(5) }))
    .default([]),
  functions: z.record(z.string().min(1), z.url()).default({}),
  spendLimitUsd: z.number().min(0).optional(),
  log: z.custom<Log>((value) => typeof value === "function", "must be a function").optional(),
});

/** How the stand-in is to be; everything has a default. `speed` divides lives, timeouts and waits, never quotas. */
export type SimulatorOptions = z.input<typeof Settings>;

/** The options with their defaults, or an error that names the setting and the fix. */
export function settingsOf(options: SimulatorOptions): z.output<typeof Settings> {
  const parsed = Settings.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const setting = issue?.path.join(".") || "options";
  throw new Error(
    `simulator: ${setting}: ${issue?.message}; correct ${setting} (see packages/simulator/README.md)`,
  );
}
