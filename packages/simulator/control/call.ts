import { play, type Run, runOf } from "../flow/interpreter.ts";
import type { World } from "../world.ts";
import { ControlError } from "./control-error.ts";
import { type NewCall, type Step, voiceContact } from "./voice-contact.ts";

/** How a call goes. `offered` and `reason` are what the flow's function said, if it came to that. */
export interface CallReport {
  readonly contactId: string;
  readonly offered: boolean;
  readonly reason?: string;
  readonly smsNumber?: string;
  readonly steps: readonly Step[];
}

/** A call that was made, as it stands: in the queue until its flow or the caller hangs up. */
export interface CallState {
  readonly contactId: string;
  readonly state: "queued" | "ended";
  readonly steps: readonly Step[];
}

/** The calls made since the start. */
export interface Calls {
  /** Calls the business, and listens until the flow lets go of the call; its queue's flow goes on by itself. */
  make(call: NewCall): Promise<CallReport>;
  state(contactId: string): CallState;
  hangUp(contactId: string): CallState;
  reset(): void;
}

/** The flow that answers calls. */
export const CALL_FLOW = "voice-deflection";

interface Made {
  readonly contactId: string;
  readonly steps: Step[];
  run: Run;
}

/** All calls of a world. They end with the process: nothing of a call is worth a journal. */
export function calls(world: World): Calls {
  const made = new Map<string, Made>();
  const find = (contactId: string): Made => {
    const found = made.get(contactId);
    if (found) return found;
    throw new ControlError(404, `there is no call ${contactId}`, "Make one: POST /_sim/calls.");
  };
  const isOver = ({ steps }: Made) => steps.some(({ action }) => action === "disconnected");
  const stateOf = (call: Made): CallState => ({
    contactId: call.contactId,
    state: isOver(call) ? "ended" : "queued",
    steps: call.steps,
  });

  async function make(given: NewCall): Promise<CallReport> {
    const run = runOf(world.flows, CALL_FLOW);
    if (!run) throw new Error(`there is no flow ${CALL_FLOW}`);
    const { contactId, contact, steps, queueFlow } = voiceContact(world, given);
    const call: Made = { contactId, steps, run };
    made.set(contactId, call);
    const pause = await play(world.flows, run, contact);
    if (pause.is === "stuck") steps.push({ action: "disconnected", text: pause.reason });
    const report = reported(contactId, run, [...steps]);
    const queueRun = runOf(world.flows, queueFlow() ?? "");
    if (queueRun && !isOver(call)) {
      call.run = queueRun;
      void wait(call, contact);
    }
    return report;
  }

  /** Plays the queue's flow from one interruption to the next. */
  async function wait(call: Made, contact: Parameters<typeof play>[2]): Promise<void> {
    let pause = await play(world.flows, call.run, contact);
    while (pause.is === "waiting" && !isOver(call)) {
      const ms = world.scaled(pause.seconds * 1_000);
      await new Promise<void>((over) => world.timers.after(ms, over));
      if (isOver(call)) return;
      pause = await play(world.flows, call.run, contact, interrupted);
    }
    // Connect keeps a contact in the queue whose queue flow came to an end.
    if (pause.is === "stuck") call.steps.push({ action: "flow-stopped", text: pause.reason });
  }

  return {
    make,
    state: (contactId) => stateOf(find(contactId)),
    hangUp(contactId) {
      const call = find(contactId);
      call.run.abandoned = true;
      if (!isOver(call)) call.steps.push({ action: "disconnected", text: "the caller hung up" });
      return stateOf(call);
    },
    reset() {
      for (const { run } of made.values()) run.abandoned = true;
      made.clear();
    },
  };
}

const interrupted = { went: "with", value: "MessagesInterrupted" } as const;

function reported(contactId: string, { results }: Run, steps: readonly Step[]): CallReport {
  const external = (results.External ?? {}) as Record<string, unknown>;
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
