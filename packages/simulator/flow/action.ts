import type { FlowContact } from "./contact.ts";

/** How an action came out; the interpreter finds the arrow that belongs to it. */
export type Outcome =
  | { readonly went: "on" }
  /** Compared with the operands of the action's conditions. */
  | { readonly went: "with"; readonly value: string }
  | { readonly went: "wrong"; readonly error: string }
  | { readonly went: "waiting"; readonly seconds: number }
  | { readonly went: "elsewhere"; readonly flow: string }
  /** The contact has left this flow: queued, disconnected, or at its end. */
  | { readonly went: "out" };

/** What actions leave for later ones, and how often loops went round. */
export interface FlowMemory {
  readonly loops: Record<string, number>;
  /** Reached as `$.External`, `$.Metrics`, `$.StoredCustomerInput`. */
  readonly results: Record<string, unknown>;
}

/** One kind of block. Parameters come with their references resolved. */
export type ActionOf = (
  parameters: Readonly<Record<string, unknown>>,
  contact: FlowContact,
  memory: FlowMemory,
  identifier: string,
) => Outcome | Promise<Outcome>;

/** Goes on along NextAction. */
export const on: Outcome = { went: "on" };

/** Leaves the flow. */
export const out: Outcome = { went: "out" };

/** Takes the error branch; every action may meet this one. */
export const wrong: Outcome = { went: "wrong", error: "NoMatchingError" };

/** A parameter as text, or undefined when it is missing or empty. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A parameter as a whole number: exported flows write numbers as strings. */
export function whole(value: unknown): number | undefined {
  const number =
    typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return value !== "" && Number.isInteger(number) ? number : undefined;
}

/** A parameter as a map of strings, or undefined when it is anything else. */
export function strings(value: unknown): Record<string, string> | undefined {
  if (!value || typeof value !== "object" || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.some(([, each]) => typeof each !== "string")) return undefined;
  return Object.fromEntries(entries) as Record<string, string>;
}
