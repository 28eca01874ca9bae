import * as z from "zod";
import { PHONE_KINDS } from "../sms/phones.ts";
import { ControlError } from "./control-error.ts";

/** A phone number in a body or a path; a plus that a URL lost is put back. */
export const Phone = z
  .string()
  .transform((text) => text.trim())
  .transform((text) => (text.startsWith("+") ? text : `+${text}`))
  .refine(
    (text) => /^\+[1-9][0-9]{1,18}$/.test(text),
    "must be an E.164 number such as +14255550182",
  );

/** The name of an agent, a queue or a function. */
export const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/,
    "must be a name of letters, digits, dots, dashes and underscores",
  );

/** What each call of the control door takes; members that are not named here are refused. */
export const bodies = {
  call: z.strictObject({
    from: Phone,
    to: Phone.optional(),
    queue: Name.default("voice"),
    waitSeconds: z.number().min(0).max(604_800).default(0),
    press: z
      .union([z.string().regex(/^[0-9*#]{1,20}$/), z.int().min(0).max(9).transform(String)])
      .nullish(),
    language: z.string().min(2).max(20).default("en-US"),
  }),
  text: z.strictObject({ text: z.string().min(1).max(1_600), to: Phone.optional() }),
  phone: z.strictObject({ kind: z.enum(PHONE_KINDS) }),
  agent: z.strictObject({
    state: z.enum(["available", "offline"]),
    chats: z.int().min(1).max(100_000).optional(),
  }),
  message: z.strictObject({ text: z.string().min(1).max(16_384) }),
  nothing: z.strictObject({}),
  transfer: z.strictObject({ queue: Name }),
  queue: z.strictObject({
    hours: z.enum(["open", "closed"]).default("open"),
    capacity: z.int().min(0).nullish(),
  }),
  function: z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
  faults: z.strictObject({
    dropSockets: z.boolean().optional(),
    throttle: z
      .union([
        z.boolean(),
        z.strictObject({ operation: z.string().optional(), times: z.int().min(1).optional() }),
      ])
      .optional(),
    delayMs: z.number().min(0).max(600_000).optional(),
    duplicate: z.boolean().optional(),
    reorder: z.boolean().optional(),
    expireTokens: z.boolean().optional(),
    fail: z
      .strictObject({
        operation: z.string(),
        error: z.string().min(1),
        times: z.int().min(1).default(1),
      })
      .optional(),
  }),
} as const;

/** A value that fits, or a refusal that names the member. */
export function fitting<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const member = issue?.path.join(".");
  throw new ControlError(
    400,
    `${member ? `${what}.${member}` : what}: ${issue?.message ?? "is not valid"}`,
    `Correct ${member || what} and send the request again; packages/simulator/README.md lists what each call takes.`,
  );
}
