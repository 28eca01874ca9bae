import type { ActionOf, FlowMemory, Outcome } from "./action.ts";
import type { FlowContact } from "./contact.ts";
import { contactData } from "./contact-data.ts";
import { control } from "./control.ts";
import type { FlowAction, Flows } from "./document.ts";
import { queueing } from "./queueing.ts";
import { resolved } from "./references.ts";
import { talking } from "./talking.ts";

const ACTIONS: Readonly<Record<string, ActionOf>> = {
  ...talking,
  ...contactData,
  ...queueing,
  ...control,
};

// A flow that goes round without ever waiting is a mistake; Connect stops such a contact too.
const LONGEST_RUN = 1_000;

/** A flow on its way through a contact. It changes as it goes; `abandoned` is how others stop it. */
export interface Run extends FlowMemory {
  flow: string;
  action: string;
  abandoned: boolean;
}

/** How a run paused or ended. */
export type Pause =
  | { readonly is: "waiting"; readonly seconds: number }
  /** The contact has gone elsewhere by an action's own effect. */
  | { readonly is: "out" }
  /** No arrow led on: what becomes of the contact is up to whoever started the run. */
  | { readonly is: "stuck"; readonly action: string; readonly reason: string }
  | { readonly is: "abandoned" };

/** A run at the first action of a flow. */
export function runOf(flows: Flows, flow: string): Run | undefined {
  const found = flows.find(flow);
  return (
    found && { flow: found.name, action: found.start, abandoned: false, loops: {}, results: {} }
  );
}

/**
 * Plays a flow until it waits or ends. `after` is how the action it stands on came out while nobody was playing,
 * such as a wait that is over. Without a function to invoke it runs through in one turn of the event loop.
 */
export async function play(
  flows: Flows,
  run: Run,
  contact: FlowContact,
  after?: Outcome,
): Promise<Pause> {
  let pending = after;
  for (let steps = 0; steps < LONGEST_RUN; steps++) {
    const action = flows.find(run.flow)?.actions.get(run.action);
    if (!action) return stuck(run, `flow ${run.flow} has no such action any more`);
    let outcome = pending;
    pending = undefined;
    if (!outcome) {
      const promised = perform(action, run, contact);
      outcome = promised instanceof Promise ? await promised : promised;
    }
    if (run.abandoned) return { is: "abandoned" };
    if (outcome.went === "out") return { is: "out" };
    if (outcome.went === "waiting") return { is: "waiting", seconds: outcome.seconds };
    if (outcome.went === "elsewhere") {
      const flow = flows.find(outcome.flow);
      if (!flow) return stuck(run, `there is no flow ${outcome.flow}`);
      run.flow = flow.name;
      run.action = flow.start;
      continue;
    }
    const next = arrow(action, outcome);
    if (next === undefined) return stuck(run, "no transition matches");
    run.action = next;
  }
  return stuck(run, `more than ${LONGEST_RUN} actions without a wait`);
}

function perform(action: FlowAction, run: Run, contact: FlowContact) {
  const perform = Object.hasOwn(ACTIONS, action.Type) ? ACTIONS[action.Type] : undefined;
  // An action the stand-in does not know goes wrong in the flow's own terms, so that the flow decides.
  if (!perform) return { went: "wrong", error: "NoMatchingError" } as const;
  const facts = { ...contact.facts(), ...run.results };
  const parameters = resolved(action.Parameters, facts) as Record<string, unknown>;
  return perform(parameters, contact, run, action.Identifier);
}

function arrow(action: FlowAction, outcome: Outcome): string | undefined {
  const { NextAction, Conditions, Errors } = action.Transitions;
  const error = (type: string) => Errors.find(({ ErrorType }) => ErrorType === type)?.NextAction;
  if (outcome.went === "wrong") return error(outcome.error) ?? error("NoMatchingError");
  if (outcome.went === "with") {
    const match = Conditions.find(({ Condition }) => holds(Condition, outcome.value));
    if (match) return match.NextAction;
    return error("NoMatchingCondition") ?? NextAction ?? error("NoMatchingError");
  }
  return NextAction;
}

function holds(
  condition: { readonly Operator: string; readonly Operands: readonly string[] },
  value: string,
): boolean {
  const operand = condition.Operands[0] ?? "";
  const numbers = value !== "" && operand !== "" ? [Number(value), Number(operand)] : [];
  const [left = Number.NaN, right = Number.NaN] = numbers;
  switch (condition.Operator) {
    case "Equals":
      return condition.Operands.includes(value);
    case "NumberGreaterThan":
      return left > right;
    case "NumberGreaterOrEqualTo":
      return left >= right;
    case "NumberLessThan":
      return left < right;
    case "NumberLessOrEqualTo":
      return left <= right;
    case "TextStartsWith":
      return value.startsWith(operand);
    case "TextEndsWith":
      return value.endsWith(operand);
    case "TextContains":
      return value.includes(operand);
    default:
      return false;
  }
}

function stuck(run: Run, reason: string): Pause {
  return { is: "stuck", action: run.action, reason };
}
