import type { Sent } from "@holdline/channels";
import {
  ConsentGiven,
  ConsentWithdrawn,
  type EventOf,
  ReplyDelivered,
  ReplyDrafted,
  ReplyRefused,
  ReplySent,
  ReplyUndelivered,
} from "@holdline/events";
import { type Limit, type Once, stage } from "@holdline/runtime";
import * as z from "zod";
import type { Ports } from "./ports.ts";

const Known = z.object({
  stopped: z.boolean(),
  /** The effect tokens the carrier has spoken of, newest last: proof that a text left. */
  seen: z.array(z.object({ token: z.string(), carrierId: z.string() })),
});
type Known = z.output<typeof Known>;

/** More than the parts of one reply, and of those that may be under way beside it. */
const kept = 40;

/** Who goes first when the carrier's quota is short: commands, agents, the bot, our own notices. */
const priorities = { stop: 0, start: 0, help: 0, conversation: 1, offer: 2, notice: 3 } as const;

/** Sends drafted replies as text messages, each once; after STOP it sends nothing but answers to HELP and START. */
export const outboundSms = stage({
  name: "outbound-sms",
  calls: ["sms"],
  on: [ReplyDrafted, ReplyDelivered, ReplyUndelivered, ConsentGiven, ConsentWithdrawn],
  emits: [ReplySent, ReplyRefused],
  state: { schema: Known, version: 1, initial: { stopped: false, seen: [] }, evolve },
  retry: { maxAgeMs: 3_600_000 },

  async run(event, { channel, settings, once, state, receiptsHeardUntil }: Needed & Run) {
    if (event.type !== "reply.drafted") return [];
    const { data: reply } = event;
    const outcome = { ...reply, draftId: event.id };
    // The confirmation of STOP is still sent, and so are the answers that do not depend on consent.
    const commanded = reply.kind === "stop" || reply.kind === "start" || reply.kind === "help";
    if (state.stopped && !commanded)
      return [ReplyRefused({ ...outcome, reason: "opted-out", by: "us" })];

    const carrier = channel(reply.channel);
    const parts: { carrierId: string; segments: number }[] = [];
    for (const [nth, text] of carrier.fit(reply.text).entries()) {
      const segments = carrier.segments(text);
      const { conversationId, from, to } = reply;
      const sent: Sent = await once(
        `send-${nth}`,
        (token, signal) => carrier.send({ from, to, text, conversationId }, token, signal),
        {
          ifUnsure: settings.limits.ifUnsure,
          waitMs: settings.limits.unsureWaitSeconds * 1_000,
          heardUntil: receiptsHeardUntil,
          evidence(token): Sent | undefined {
            const proof = state.seen.find((seen) => seen.token === token);
            return proof && { accepted: true, carrierId: proof.carrierId, segments };
          },
          pace: limitsOf(reply, settings).map((limit) => ({
            limit,
            cost: segments,
            priority: priorities[reply.kind] + (reply.speaker === "bot" ? 1 : 0),
          })),
        },
      );
      if (!sent.accepted) return [ReplyRefused({ ...outcome, reason: sent.reason, by: "carrier" })];
      parts.push({ carrierId: sent.carrierId, segments: sent.segments });
    }
    return [ReplySent({ ...outcome, parts })];
  },
});

type Needed = Pick<Ports, "channel" | "settings" | "receiptsHeardUntil">;
type Run = { readonly once: Once; readonly state: Known };

function evolve(
  known: Known,
  event:
    | EventOf<typeof ReplyDrafted | typeof ReplyDelivered | typeof ReplyUndelivered>
    | EventOf<typeof ConsentGiven | typeof ConsentWithdrawn>
    | EventOf<typeof ReplySent | typeof ReplyRefused>,
): Known {
  switch (event.type) {
    case "consent.withdrawn":
      return { ...known, stopped: true };
    case "consent.given":
      return { ...known, stopped: false };
    case "reply.drafted":
      if (event.data.kind === "stop") return { ...known, stopped: true };
      return event.data.kind === "start" ? { ...known, stopped: false } : known;
    case "reply.delivered":
    case "reply.undelivered": {
      const { token, carrierId } = event.data;
      if (token === null || known.seen.some((seen) => seen.token === token)) return known;
      return { ...known, seen: [...known.seen, { token, carrierId }].slice(-kept) };
    }
    default:
      return known;
  }
}

/** The quotas one text message takes from: the number's, in parts, and the recipient's. */
function limitsOf(
  { from, conversationId }: EventOf<typeof ReplyDrafted>["data"],
  settings: Ports["settings"],
): readonly Limit[] {
  const perSecond = settings.number(from)?.partsPerSecond ?? 1;
  const perRecipient = settings.limits.perRecipientPerSecond;
  const limits = [
    { name: `sms/${from}`, perSecond, burst: Math.max(1, perSecond) },
    { name: `sms-to/${conversationId}`, perSecond: perRecipient, burst: Math.max(1, perRecipient) },
  ];
  return limits.filter((limit) => Number.isFinite(limit.perSecond));
}
