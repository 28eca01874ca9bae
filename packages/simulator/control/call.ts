import { play, runOf } from "../flow/interpreter.ts";
import type { World } from "../world.ts";
import { type NewCall, type Step, voiceContact } from "./voice-contact.ts";

/** How a call went. `offered` and `reason` are what the flow's function said, if it came to that. */
export interface CallReport {
  readonly contactId: string;
  readonly offered: boolean;
  readonly reason?: string;
  readonly smsNumber?: string;
  readonly steps: readonly Step[];
}

/** The flow that answers calls. */
export const CALL_FLOW = "voice-deflection";

/** Calls the business, and listens until the flow lets go of the call. */
export async function call(world: World, made: NewCall): Promise<CallReport> {
  const run = runOf(world.flows, CALL_FLOW);
  if (!run) throw new Error(`there is no flow ${CALL_FLOW}`);
  const { contactId, contact, steps } = voiceContact(world, made);
  const pause = await play(world.flows, run, contact);
  if (pause.is === "stuck") steps.push({ action: "disconnected", text: pause.reason });
  const external = (run.results.External ?? {}) as Record<string, unknown>;
  const told = (key: string) => (typeof external[key] === "string" ? external[key] : undefined);
  const reason = told("reason");
  const smsNumber = told("smsNumber");
  return {
    contactId,
    offered: told("offered") === "true",
    ...(reason !== undefined && { reason }),
    ...(smsNumber !== undefined && { smsNumber }),
    steps,
  };
}
