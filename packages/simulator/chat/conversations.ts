import { randomUUID } from "node:crypto";
import type { Timer } from "../timers.ts";
import type { World } from "../world.ts";
import { type Chat, currentSegment, type Item } from "./chat.ts";
import { agentIn, customerIn, event, message } from "./events.ts";
import { flowStages } from "./flow-stages.ts";
import type { Sockets } from "./sockets.ts";
import type { Saying } from "./transcripts.ts";

/** What StartChatContact is told of a chat. */
export type NewChat = Pick<
  Chat,
  "flowId" | "displayName" | "attributes" | "contentTypes" | "languageCode"
> & {
  readonly durationMs: number;
  readonly initialMessage?: NonNullable<Chat["initialMessage"]>;
};

/** All that can happen to chats, whoever makes it happen: a participant, an agent, a flow, the clock. */
export interface Conversations {
  start(chat: NewChat): Chat;
  /** The customer's socket is subscribed, or streaming took its place: now the flow starts. */
  arrive(chatId: string): void;
  say(chatId: string, saying: Saying): Item;
  /** Shows what is not kept: typing. */
  show(chatId: string, saying: Saying): Item;
  /** Puts a chat in a queue, under a new segment when it waits in another. */
  enqueue(chatId: string, queue: string): "queued" | "at-capacity" | "no-queue";
  /** Gives waiting chats to free agents, soon. */
  route(): void;
  agentEnds(chatId: string): void;
  /** Undefined when that queue is full: then the agent keeps the chat. */
  transfer(chatId: string, queue: string): Chat | undefined;
  customerLeaves(chatId: string): void;
  finish(chatId: string, reason: string): void;
  /** Goes on with what an earlier run left. */
  restore(): void;
  /** Forgets all chats without a word to anybody. */
  forget(): void;
}

const CONNECT_WITHIN_MS = 5 * 60_000;
// The real service's way with sockets of ended chats is not documented; the official client closes them itself.
const CLOSE_AFTER_END_MS = 10_000;

type Clock = { connect?: Timer; end?: Timer };

/** The life of chats. */
export function conversations(
  world: World,
  sockets: Sockets,
  stream: (item: Item) => void,
): Conversations {
  const { chats, queues, agents, transcripts } = world;
  const clocks = new Map<string, Clock>();
  let routing = false;
  const must = (id: string): Chat => {
    const chat = chats.find(id);
    if (!chat) throw new Error(`there is no chat ${id}`);
    return chat;
  };
  const say = (chatId: string, saying: Saying) => {
    const item = transcripts.add(must(chatId), saying);
    sockets.show(item);
    stream(item);
    return item;
  };
  const watch = (chat: Chat) => {
    const clock: Clock = { end: world.timers.at(chat.endsAt, () => finish(chat.id, "EXPIRED")) };
    if (chat.state === "created")
      clock.connect = world.timers.at(chat.connectBy, () => finish(chat.id, "NOT_CONNECTED"));
    clocks.set(chat.id, clock);
  };
  const finish = (chatId: string, reason: string) => {
    const chat = must(chatId);
    if (chat.state === "ended") return;
    flows.abandon(chatId);
    leaveQueue(chat);
    if (chat.state === "connected") releaseAgent(chat);
    if (chat.state !== "created") say(chatId, event("chat.ended"));
    const endedAt = Date.now();
    chats.changeSegment(chatId, { endedAt });
    chats.change(chatId, { state: "ended", endedAt, endReason: reason, position: undefined });
    clocks.get(chatId)?.connect?.cancel();
    clocks.get(chatId)?.end?.cancel();
    clocks.delete(chatId);
    world.timers.after(world.scaled(CLOSE_AFTER_END_MS), () =>
      sockets.close(1000, "chat ended", chatId),
    );
    route();
  };
  const leaveQueue = (chat: Chat) => {
    const { queue } = currentSegment(chat);
    if (queue) queues.leave(queue, chat.id);
  };
  const releaseAgent = (chat: Chat) => {
    const { agent } = currentSegment(chat);
    if (agent) agents.count(agent, -1);
  };
  const wait = (chat: Chat) => {
    const { queue, enqueuedAt = Date.now() } = currentSegment(chat);
    if (!queue) return;
    queues.enter(queue, {
      chatId: chat.id,
      priority: chat.priority,
      sinceMs: enqueuedAt - chat.ageAdjustSeconds * 1000,
      enqueuedAt,
    });
  };
  const enqueue = (chatId: string, queue: string) => {
    const settings = queues.settings(queue);
    if (!settings) return "no-queue";
    if (settings.capacity !== undefined && queues.sizeOf(queue) >= settings.capacity)
      return "at-capacity";
    flows.abandon(chatId);
    if (must(chatId).state === "queued") {
      leaveQueue(must(chatId));
      nextSegment(chatId);
    }
    const chat = chats.changeSegment(chatId, { queue, enqueuedAt: Date.now() });
    wait(chats.change(chatId, { state: "queued", targetQueue: queue }));
    if (chat.hooks.CustomerQueue) flows.start(chatId, chat.hooks.CustomerQueue, "queue");
    route();
    return "queued";
  };
  const nextSegment = (chatId: string) => {
    const startedAt = Date.now();
    const { segments } = chats.changeSegment(chatId, { endedAt: startedAt });
    return chats.change(chatId, {
      segments: [...segments, { contactId: randomUUID(), startedAt, method: "TRANSFER" }],
    });
  };
  const assign = () => {
    routing = false;
    for (;;) {
      const next = queues.first();
      const agent = next && agents.free();
      if (!next || !agent) return;
      const { chatId } = next.place;
      // The queue flow is left in the middle when an agent accepts.
      flows.abandon(chatId);
      queues.leave(next.queue, chatId);
      agents.count(agent.name, 1);
      chats.changeSegment(chatId, {
        agent: agent.name,
        agentParticipantId: randomUUID(),
        joinedAt: Date.now(),
      });
      chats.change(chatId, { state: "connected", position: undefined });
      say(chatId, event("participant.joined", agentIn(must(chatId))));
    }
  };
  const route = () => {
    if (routing) return;
    routing = true;
    // Not at once: the queue flow speaks its first words before an agent who is free joins.
    setImmediate(assign);
  };
  const flows = flowStages(world, {
    say: (chatId, text) => say(chatId, message(text)),
    enqueue,
    finish,
  });

  return {
    say,
    enqueue,
    route,
    finish,
    show(chatId, saying) {
      const item = transcripts.stamp(must(chatId), saying);
      sockets.show(item);
      return item;
    },
    start({ durationMs, initialMessage, ...known }) {
      const id = randomUUID();
      const now = Date.now();
      const chat: Chat = {
        ...known,
        ...(initialMessage && { initialMessage }),
        id,
        state: "created",
        createdAt: now,
        connectBy: now + world.scaled(CONNECT_WITHIN_MS),
        endsAt: now + world.scaled(durationMs),
        customerId: randomUUID(),
        segments: [{ contactId: id, startedAt: now, method: "API" }],
        // The priority of a contact that no flow changed.
        priority: 5,
        ageAdjustSeconds: 0,
        hooks: {},
        streams: [],
      };
      chats.add(chat);
      watch(chat);
      return chat;
    },
    arrive(chatId) {
      const chat = must(chatId);
      if (chat.state !== "created") return;
      clocks.get(chatId)?.connect?.cancel();
      chats.change(chatId, { state: "in-flow" });
      say(chatId, event("participant.joined", customerIn(chat)));
      const first = chat.initialMessage;
      if (first) say(chatId, message(first.content, customerIn(chat), first.contentType));
      flows.start(chatId, chat.flowId, "inbound");
    },
    agentEnds(chatId) {
      const chat = must(chatId);
      say(chatId, event("participant.left", agentIn(chat)));
      releaseAgent(chat);
      chats.change(chatId, { state: "in-flow" });
      route();
      const hook = chat.hooks.CustomerRemaining;
      if (hook) flows.start(chatId, hook, "disconnect");
      else finish(chatId, "AGENT_DISCONNECT");
    },
    transfer(chatId, queue) {
      if (!queues.settings(queue)) queues.set({ name: queue, hours: "open" });
      const chat = must(chatId);
      const agent = agentIn(chat);
      if (queues.sizeOf(queue) >= (queues.settings(queue)?.capacity ?? Number.POSITIVE_INFINITY)) {
        say(chatId, event("transfer.failed", agent));
        return undefined;
      }
      say(chatId, event("participant.left", agent));
      releaseAgent(chat);
      nextSegment(chatId);
      chats.change(chatId, { state: "in-flow" });
      say(chatId, event("transfer.succeeded", agent));
      enqueue(chatId, queue);
      return must(chatId);
    },
    customerLeaves(chatId) {
      const chat = must(chatId);
      if (chat.state !== "created") say(chatId, event("participant.left", customerIn(chat)));
      finish(chatId, "CUSTOMER_DISCONNECT");
    },
    restore() {
      for (const chat of chats.all()) {
        if (chat.state === "ended") continue;
        watch(chat);
        if (chat.state === "queued") wait(chat);
        const { agent } = currentSegment(chat);
        if (chat.state === "connected" && agent) agents.count(agent, 1);
        flows.resume(chat);
      }
      route();
    },
    forget() {
      for (const { connect, end } of clocks.values()) {
        connect?.cancel();
        end?.cancel();
      }
      clocks.clear();
      flows.forget();
      queues.clear();
      agents.emptyDesks();
      transcripts.clear();
      chats.clear();
    },
  };
}
