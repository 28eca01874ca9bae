import type { Outcome } from "../flow/action.ts";
import { type Pause, play, type Run, runOf } from "../flow/interpreter.ts";
import type { Timer } from "../timers.ts";
import type { World } from "../world.ts";
import type { Chat, FlowPosition } from "./chat.ts";
import { type ChatHands, chatContact } from "./flow-contact.ts";

/** Runs the flows of chats: the first one, the queue's, and the one when the agent has gone. */
export interface FlowStages {
  start(chatId: string, flow: string, stage: FlowPosition["stage"]): void;
  /** Goes on where an earlier run of the simulator stood. */
  resume(chat: Chat): void;
  /** Stops whatever runs for a chat. */
  abandon(chatId: string): void;
  forget(): void;
}

type Playing = { readonly run: Run; readonly stage: FlowPosition["stage"]; wake?: Timer };

/** The flows that are playing, each kept at every pause. */
export function flowStages(world: World, hands: ChatHands): FlowStages {
  const playing = new Map<string, Playing>();

  const keep = (chatId: string, { run, stage }: Playing, wakeAt?: number) => {
    const position: FlowPosition = {
      flow: run.flow,
      stage,
      action: run.action,
      ...(wakeAt !== undefined && { wakeAt }),
      loops: { ...run.loops },
      results: { ...run.results },
    };
    world.chats.change(chatId, { position });
  };
  const abandon = (chatId: string) => {
    const current = playing.get(chatId);
    if (!current) return;
    current.run.abandoned = true;
    current.wake?.cancel();
    playing.delete(chatId);
  };
  const go = (chatId: string, current: Playing, after?: Outcome) => {
    playing.set(chatId, current);
    const contact = chatContact(world, hands, chatId, () => keep(chatId, current));
    play(world.flows, current.run, contact, after).then(
      (pause) => paused(chatId, current, pause),
      (error) => {
        world.log({ chatId, flow: current.run.flow, error: String(error) }, "a flow broke");
        if (!current.run.abandoned) ended(chatId, current);
      },
    );
  };
  const paused = (chatId: string, current: Playing, pause: Pause) => {
    if (pause.is === "abandoned" || current.run.abandoned) return;
    if (pause.is === "waiting") {
      waitUntil(chatId, current, Date.now() + world.scaled(pause.seconds * 1000));
      return;
    }
    if (pause.is === "stuck")
      world.log({ chatId, flow: current.run.flow, ...pause }, "a flow came to no end of its own");
    ended(chatId, current);
  };
  const waitUntil = (chatId: string, current: Playing, wakeAt: number) => {
    keep(chatId, current, wakeAt);
    current.wake = world.timers.at(wakeAt, () =>
      go(chatId, current, { went: "with", value: "WaitCompleted" }),
    );
  };
  // A contact whose queue flow is over stays in its queue; any other flow that is over ends the contact.
  const ended = (chatId: string, current: Playing) => {
    playing.delete(chatId);
    const chat = world.chats.find(chatId);
    if (!chat || chat.state === "ended") return;
    world.chats.change(chatId, { position: undefined });
    if (current.stage !== "queue" && chat.state === "in-flow") hands.finish(chatId, "FLOW_ENDED");
  };

  const start: FlowStages["start"] = (chatId, flow, stage) => {
    abandon(chatId);
    const run = runOf(world.flows, flow);
    if (run) go(chatId, { run, stage });
    else {
      world.log({ chatId, flow }, "there is no such flow");
      if (stage !== "queue") hands.finish(chatId, "FLOW_ENDED");
    }
  };

  return {
    abandon,
    start,
    resume(chat) {
      const { position } = chat;
      if (!position) {
        // A flow without a position is over in the queue, but elsewhere it never came to its first pause.
        if (chat.state === "in-flow") start(chat.id, chat.flowId, "inbound");
        return;
      }
      const run: Run = {
        flow: position.flow,
        action: position.action,
        abandoned: false,
        loops: { ...position.loops },
        results: { ...position.results },
      };
      const current: Playing = { run, stage: position.stage };
      playing.set(chat.id, current);
      if (position.wakeAt === undefined) go(chat.id, current);
      else waitUntil(chat.id, current, position.wakeAt);
    },
    forget() {
      for (const chatId of [...playing.keys()]) abandon(chatId);
    },
  };
}
