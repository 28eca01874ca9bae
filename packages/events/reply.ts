import * as z from "zod";
import { event } from "./event.ts";
import { address, channel, instant } from "./parties.ts";

/** Something for the customer to read. */
const reply = {
  channel,
  from: address,
  to: address,
  text: z.string().min(1),
  speaker: z.enum(["bot", "agent", "system"]),
  /** After STOP only `help` and `start` pass. */
  kind: z.enum(["conversation", "notice", "offer", "stop", "start", "help"]),
  /** The event or message this answers. */
  inReplyTo: z.string().nullable(),
};

const sent = {
  ...reply,
  /** The draft this is the outcome of. */
  draftId: z.string(),
};

/** Somebody, bot, agent or we ourselves, has something to say to the customer. */
export const ReplyDrafted = event("reply.drafted", reply);

/** The carrier accepted a reply: one id for each text message it became. */
export const ReplySent = event("reply.sent", {
  ...sent,
  parts: z.array(z.object({ carrierId: z.string(), segments: z.int().positive() })),
});

/** A reply will never be sent. A refusal is an outcome, not an error. */
export const ReplyRefused = event("reply.refused", {
  ...sent,
  /** The closed list in `packages/channels/channel.ts`. */
  reason: z.string(),
  /** Who would not: the carrier, or we ourselves because the customer said STOP. */
  by: z.enum(["carrier", "us"]),
});

const receipt = {
  channel,
  carrierId: z.string(),
  /** The effect token the carrier echoed, where it did. */
  token: z.string().nullable(),
  /** The carrier's own word. */
  status: z.string(),
  final: z.boolean(),
  at: instant,
};

/** The carrier says a text is on its way or on the phone. */
export const ReplyDelivered = event("reply.delivered", {
  ...receipt,
  /** Whether it is on the phone; events of before this was told do not have it. */
  arrived: z.boolean().optional(),
});
/** The carrier says a text will not arrive. */
export const ReplyUndelivered = event("reply.undelivered", receipt);
