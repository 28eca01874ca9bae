import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { contactFlows } from "@holdline/flows";
import * as z from "zod";
import { ACCOUNT, connectArn, lastPart, REGION } from "../identity.ts";

const Transition = z.object({
  NextAction: z.string().optional(),
  Conditions: z
    .array(
      z.object({
        NextAction: z.string(),
        Condition: z.object({ Operator: z.string(), Operands: z.array(z.string()) }),
      }),
    )
    .default([]),
  Errors: z.array(z.object({ NextAction: z.string(), ErrorType: z.string() })).default([]),
});

const Action = z.object({
  // The characters a real instance refuses in an Identifier.
  Identifier: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[^%:(\\/)=$,;[\]{}]+$/),
  Type: z.string().min(1),
  Parameters: z.record(z.string(), z.unknown()).default({}),
  Transitions: Transition.default({ Conditions: [], Errors: [] }),
});

const Document = z.object({
  Version: z.literal("2019-10-30"),
  StartAction: z.string(),
  Metadata: z.unknown().optional(),
  Actions: z.array(Action).min(1),
});

/** One block of a flow. */
export type FlowAction = z.infer<typeof Action>;

/** A flow as exported from Connect, with its actions by Identifier. */
export interface Flow {
  readonly name: string;
  readonly start: string;
  readonly actions: ReadonlyMap<string, FlowAction>;
}

/** The flows of the instance, found by id or ARN. */
export interface Flows {
  find(idOrArn: string): Flow | undefined;
}

/** Reads one exported flow, and refuses one whose arrows lead nowhere. */
export function readFlow(name: string, text: string): Flow {
  const document = Document.parse(JSON.parse(text));
  const actions = new Map(document.Actions.map((action) => [action.Identifier, action]));
  if (actions.size !== document.Actions.length)
    throw new Error(`flow ${name}: two actions share an Identifier`);
  const targets = [document.StartAction];
  for (const { Transitions } of document.Actions)
    for (const { NextAction } of [Transitions, ...Transitions.Conditions, ...Transitions.Errors])
      if (NextAction !== undefined) targets.push(NextAction);
  for (const target of targets)
    if (!actions.has(target)) throw new Error(`flow ${name}: there is no action "${target}"`);
  return { name, start: document.StartAction, actions };
}

/** The flows we deploy, as an instance has them: a flow's id is its name. */
export function ownFlows(): Flows {
  const own = contactFlows({
    smsQueueArn: connectArn("queue/sms"),
    optInFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:opt-in`,
    offerStatusFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:offer-status`,
    callerQueueFlowArn: connectArn("contact-flow/caller-queue"),
    customerQueueFlowArn: connectArn("contact-flow/customer-queue"),
    disconnectFlowArn: connectArn("contact-flow/disconnect"),
  });
  const flows = new Map(
    own.map(({ name, document }) => [name, readFlow(name, JSON.stringify(document))]),
  );
  return { find: (idOrArn) => flows.get(lastPart(idOrArn)) };
}

/** All `*.json` of a folder; a flow's id is its file name. */
export function flowsIn(folder: string): Flows {
  const flows = new Map<string, Flow>();
  for (const file of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
    const name = basename(file, ".json");
    try {
      flows.set(name, readFlow(name, readFileSync(join(folder, file), "utf8")));
    } catch (cause) {
      throw new Error(
        `flowsDir: ${join(folder, file)} is not a flow of version 2019-10-30: ${cause instanceof Error ? cause.message : cause}`,
        { cause },
      );
    }
  }
  return { find: (idOrArn) => flows.get(lastPart(idOrArn)) };
}
