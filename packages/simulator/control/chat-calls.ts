import { CHATS_PER_AGENT } from "../chat/agents.ts";
import { type Chat, currentSegment, customerOf, type Item } from "../chat/chat.ts";
import type { Conversations } from "../chat/conversations.ts";
import { agentIn, EVENT, event, message } from "../chat/events.ts";
import type { Sockets } from "../chat/sockets.ts";
import type { World } from "../world.ts";
import { ControlError } from "./control-error.ts";
import type { ControlRoutes } from "./door.ts";
import { bodies, fitting, Name } from "./requests.ts";

/** The calls that play an agent, and those that look at chats. */
export function chatCalls(
  world: World,
  conversations: Conversations,
  sockets: Sockets,
): ControlRoutes {
  const { agents, chats, queues, transcripts } = world;
  const withAgent = (contactId: string | undefined): Chat => {
    const chat = chats.find(contactId ?? "");
    if (!chat)
      throw new ControlError(
        404,
        `there is no contact ${contactId}`,
        "GET /_sim/contacts lists the contacts.",
      );
    if (chat.state !== "connected")
      throw new ControlError(
        409,
        `contact ${contactId} is ${chat.state}, so no agent can act on it`,
        "Sign an agent in with POST /_sim/agents/{name} and wait until the contact is connected.",
      );
    return chat;
  };
  return {
    "POST /_sim/agents/{name}": ({ path, body }) => {
      const name = fitting(Name, path.name, "name");
      const { state, chats: room } = fitting(bodies.agent, body, "agent");
      const agent = { name, state, chats: room ?? agents.find(name)?.chats ?? CHATS_PER_AGENT };
      agents.set(agent);
      conversations.route();
      return agent;
    },

    "GET /_sim/agents": () =>
      [...agents.all()].map((agent) => ({ ...agent, busy: agents.busy(agent.name) })),

    "GET /_sim/agents/{name}/contacts": ({ path }) =>
      chats.ofAgent(fitting(Name, path.name, "name")).map(({ chat, segment }) => ({
        contactId: segment.contactId,
        initialContactId: chat.id,
        customer: customerOf(chat),
        queue: segment.queue,
        state:
          chat.state === "connected" && segment === currentSegment(chat) ? "connected" : "ended",
        transcript: transcripts.of(chat.id).map(line),
      })),

    "POST /_sim/contacts/{contactId}/messages": ({ path, body }) => {
      const { text } = fitting(bodies.message, body, "message");
      const chat = withAgent(path.contactId);
      const { Id, AbsoluteTime } = conversations.say(chat.id, message(text, agentIn(chat)));
      return { id: Id, at: AbsoluteTime };
    },

    "POST /_sim/contacts/{contactId}/typing": ({ path, body }) => {
      fitting(bodies.nothing, body, "body");
      const chat = withAgent(path.contactId);
      const { Id, AbsoluteTime } = conversations.show(chat.id, event("typing", agentIn(chat)));
      return { id: Id, at: AbsoluteTime };
    },

    "POST /_sim/contacts/{contactId}/end": ({ path, body }) => {
      fitting(bodies.nothing, body, "body");
      const chat = withAgent(path.contactId);
      conversations.agentEnds(chat.id);
      return { contactId: path.contactId };
    },

    "POST /_sim/contacts/{contactId}/transfer": ({ path, body }) => {
      const { queue } = fitting(bodies.transfer, body, "transfer");
      const moved = conversations.transfer(withAgent(path.contactId).id, queue);
      if (!moved)
        throw new ControlError(
          409,
          `queue ${queue} is at capacity`,
          `Raise it with PUT /_sim/queues/${queue}, or transfer to another queue.`,
        );
      return { contactId: currentSegment(moved).contactId, initialContactId: moved.id, queue };
    },

    "GET /_sim/contacts": () =>
      [...chats.all()].map((chat) => {
        const { contactId, queue } = currentSegment(chat);
        const position = queue ? queues.position(queue, chat.id) : undefined;
        return {
          contactId,
          initialContactId: chat.id,
          customer: customerOf(chat),
          state: chat.state,
          queue: queue ?? null,
          position: position ?? null,
          openSockets: sockets.count(chat.id),
        };
      }),

    "GET /_sim/queues": () =>
      queues.names().map((name) => ({ ...queues.settings(name), size: queues.sizeOf(name) })),

    "PUT /_sim/queues/{name}": ({ path, body }) => {
      const name = fitting(Name, path.name, "name");
      const { hours, capacity } = fitting(bodies.queue, body, "queue");
      return queues.set({ name, hours, ...(typeof capacity === "number" && { capacity }) });
    },
  };
}

function line({ Id, ParticipantRole, Type, Content, ContentType, AbsoluteTime }: Item) {
  // An event has no words of its own; its name stands in their place.
  const text = Content ?? ContentType.replace(EVENT, "");
  return { id: Id, role: ParticipantRole ?? "SYSTEM", type: Type, text, at: AbsoluteTime };
}
