import * as z from "zod";
import { type Kind, knownActions } from "./known-actions.ts";

/** Something in a flow that Connect refuses, or that goes wrong when it runs. */
export interface Finding {
  readonly rule: string;
  /** The block it is about; nothing when it is about the whole flow. */
  readonly action?: string;
  readonly message: string;
  /** Connect refuses the flow or stops the contact: `error`. It works, and not as meant: `warning`. */
  readonly severity: "error" | "warning";
}

const Block = z.looseObject({
  Identifier: z.string(),
  Type: z.string(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
  Transitions: z
    .looseObject({
      NextAction: z.string().optional(),
      Conditions: z
        .array(
          z.looseObject({
            NextAction: z.string(),
            Condition: z.looseObject({ Operator: z.string(), Operands: z.array(z.unknown()) }),
          }),
        )
        .default([]),
      Errors: z.array(z.looseObject({ NextAction: z.string(), ErrorType: z.string() })).default([]),
    })
    .default({ Conditions: [], Errors: [] }),
});
const Document = z.looseObject({
  Version: z.string(),
  StartAction: z.string(),
  Actions: z.array(Block),
});
type Block = z.output<typeof Block>;

/** What a flow is for, where its file does not say: some blocks are allowed in some kinds alone. */
export interface LintOptions {
  readonly kind?: Kind;
  readonly channel?: "voice" | "chat";
}

const badCharacters = /[%:(\\/)=$,;[\]{}]/;
const reserved = new Set(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]);
const error = (rule: string, message: string, action?: string): Finding => ({
  ...{ rule, message, severity: "error" },
  ...(action !== undefined && { action }),
});
const warning = (rule: string, message: string, action?: string): Finding => ({
  ...error(rule, message, action),
  severity: "warning",
});

/**
 * Reads a flow as a careful colleague would: what Connect refuses to import, what leads nowhere, and what does
 * something else in a chat than the editor lets one think.
 */
export function lintFlow(document: unknown, options: LintOptions = {}): readonly Finding[] {
  const legacy = z.looseObject({ version: z.literal("1"), modules: z.array(z.unknown()) });
  if (legacy.safeParse(document).success)
    return [error("legacy-format", "a flow of the editor's old export; export it again")];
  const parsed = Document.safeParse(document);
  if (!parsed.success)
    return [error("not-a-flow", z.prettifyError(parsed.error).replaceAll("\n", " "))];
  const { Version, StartAction, Actions } = parsed.data;
  const ids = new Set(Actions.map(({ Identifier }) => Identifier));
  const findings = Actions.flatMap((block) => [
    ...named(block, Actions),
    ...leading(block, ids),
    ...meant(block, options),
  ]);
  if (Version !== "2019-10-30") findings.unshift(error("version", `${Version} is not 2019-10-30`));
  if (!ids.has(StartAction))
    findings.unshift(error("no-start", `StartAction names ${StartAction}, which is not there`));
  const reached = reachable(Actions, StartAction);
  for (const { Identifier } of Actions)
    if (!reached.has(Identifier))
      findings.push(warning("unreachable", "nothing leads here", Identifier));
  return findings;
}

function named({ Identifier }: Block, all: readonly Block[]): Finding[] {
  const found: Finding[] = [];
  if (Identifier.length === 0 || Identifier.length > 50)
    found.push(error("identifier", "an Identifier has 1 to 50 characters", Identifier));
  if (badCharacters.test(Identifier) || reserved.has(Identifier))
    found.push(error("identifier", "an Identifier Connect refuses", Identifier));
  const [first] = all.filter((other) => other.Identifier === Identifier);
  const twice = all.filter((other) => other.Identifier === Identifier).length > 1;
  if (twice && first?.Identifier === Identifier)
    found.push(error("identifier", "two blocks have this Identifier", Identifier));
  return found;
}

function leading(block: Block, ids: ReadonlySet<string>): Finding[] {
  const { Identifier, Type, Transitions } = block;
  const targets = [
    Transitions.NextAction ?? [],
    ...Transitions.Conditions.map(({ NextAction }) => NextAction),
    ...Transitions.Errors.map(({ NextAction }) => NextAction),
  ].flat();
  const found = [...new Set(targets)]
    .filter((target) => !ids.has(target))
    .map((target) => error("dangling", `leads to ${target}, which is not there`, Identifier));
  const known = knownActions[Type];
  if (!known) return [...found, warning("unknown-action", `${Type} is not known here`, Identifier)];
  if (known.terminal)
    return targets.length > 0
      ? [...found, error("after-the-end", `${Type} ends the flow and leads nowhere`, Identifier)]
      : found;
  const ways = [Transitions.NextAction, ...Transitions.Conditions];
  if (!known.endless && ways.every((way) => way === undefined))
    found.push(error("missing-next", "leads nowhere when all goes well", Identifier));
  const errors = new Set(Transitions.Errors.map(({ ErrorType }) => ErrorType));
  for (const needed of known.errors ?? [])
    if (!errors.has(needed))
      found.push(error("missing-error", `has no branch for ${needed}`, Identifier));
  for (const wise of known.advised ?? [])
    if (!errors.has(wise))
      found.push(warning("no-error-branch", `stops where it stands on ${wise}`, Identifier));
  const operands = new Set(
    Transitions.Conditions.flatMap(({ Condition }) => Condition.Operands.map(String)),
  );
  for (const needed of known.conditions ?? [])
    if (!operands.has(needed))
      found.push(error("missing-condition", `has no branch for ${needed}`, Identifier));
  return found;
}

function meant(block: Block, { kind, channel }: LintOptions): Finding[] {
  const known = knownActions[block.Type];
  if (!known) return [];
  const found: Finding[] = [];
  const { Identifier, Type, Parameters } = block;
  if (kind && known.kinds && !known.kinds.includes(kind))
    found.push(
      error("not-in-this-kind", `${Type} may not stand in a flow of kind ${kind}`, Identifier),
    );
  if (channel && known.channels && !known.channels.includes(channel))
    found.push(
      warning("not-on-this-channel", `${Type} takes its error branch on ${channel}`, Identifier),
    );
  for (const problem of known.check?.(Parameters, channel) ?? [])
    found.push(error("parameter", problem, Identifier));
  return found;
}

function reachable(actions: readonly Block[], start: string): ReadonlySet<string> {
  const byId = new Map(actions.map((action) => [action.Identifier, action]));
  const reached = new Set([start]);
  for (const id of reached) {
    const { Transitions } = byId.get(id) ?? {};
    if (Transitions?.NextAction !== undefined) reached.add(Transitions.NextAction);
    for (const { NextAction } of Transitions?.Conditions ?? []) reached.add(NextAction);
    for (const { NextAction } of Transitions?.Errors ?? []) reached.add(NextAction);
  }
  return reached;
}
