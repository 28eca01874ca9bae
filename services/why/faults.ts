import type { Event } from "@holdline/events";
import { type Caused, speakerOf } from "./causes.ts";
import type { Meanings } from "./codes.ts";
import { understood } from "./phrases.ts";
import type { Fault } from "./why.ts";

interface Trouble {
  readonly code: string;
  readonly says: string;
}

/** What an event tells of having gone wrong; nothing, where it tells of nothing. */
function troubleIn(event: Event): Trouble | undefined {
  const data = understood(event)?.data as Readonly<Record<string, unknown>> | undefined;
  if (!data) return undefined;
  const reason = String(data.reason ?? "");
  switch (event.type) {
    case "event.dead-lettered": {
      const { stage, code } = data as { stage: string; code: string };
      const type = (data.event as Partial<Event> | null)?.type ?? "what came";
      return { code, says: `${stage} gave up on ${type}: dead letter ${event.id}` };
    }
    case "reply.refused":
      return {
        code: reason,
        says: `a text was not sent: ${data.by === "us" ? "we" : "the carrier"} refused it`,
      };
    case "reply.undelivered":
      return {
        code: "undelivered",
        says: `a text did not arrive: the carrier says ${data.status}`,
      };
    case "relay.refused":
      return {
        code: reason,
        says: "the customer's text did not reach the agent's chat",
      };
    case "contact.refused":
      return { code: reason, says: "Connect would not open a chat" };
    case "bot.stumped":
      return reason === "bot-failed" ? { code: reason, says: "the bot failed" } : undefined;
    case "chat.queued":
    case "chat.moved":
      return data.state === "WAITING"
        ? undefined
        : {
            code: `queue-${String(data.state).toLowerCase()}`,
            says: `the queue says ${data.state}`,
          };
    default:
      return undefined;
  }
}

/** The fault an event tells of, with what the operators' page says of its code. */
export function faultIn(event: Event, meanings: Meanings): Fault | undefined {
  const trouble = troubleIn(event);
  if (!trouble) return undefined;
  const { means = null, todo = null } = meanings(trouble.code, false) ?? {};
  return { ...trouble, goingOn: false, means, todo, since: event.time, event: event.id };
}

/** Who owes an answer to an event, whatever else it leads to. */
function owing(event: Event): string | undefined {
  const data = event.data as { readonly route?: string } | null;
  switch (event.type) {
    case "inbound.arrived":
      return "ingest";
    case "message.received":
      return "classify";
    case "message.classified":
      return data?.route === "bot" ? "bot-reply" : undefined;
    case "contact.wanted":
      return "connect-relay";
    case "reply.drafted":
      return "outbound-sms";
    default:
      return undefined;
  }
}

/** Steps of a history whose answer is not in it: all that can be told where no store is at hand. */
export function unanswered({ event, ledTo }: Caused): Fault | undefined {
  const stage = event.only ?? owing(event);
  if (stage === undefined) return undefined;
  const answered = ledTo.some(({ event: answer }) => {
    const dead =
      answer.type === "event.dead-lettered" && (answer.data as { stage?: string } | null)?.stage;
    return dead ? dead === stage : speakerOf(answer) === stage;
  });
  if (answered) return undefined;
  return {
    ...{ code: "unanswered", goingOn: true, means: null, todo: null },
    says: `this history does not tell what ${stage} made of ${event.type}`,
    since: event.time,
    event: event.id,
  };
}
