import { type EventOf, ReceiptArrived, ReplyDelivered, ReplyUndelivered } from "@holdline/events";
import { stage } from "@holdline/runtime";
import * as z from "zod";
import type { Ports } from "./ports.ts";

/** What is known of the texts sent lately: by carrier id, whether the last word was said. */
const Known = z.object({
  texts: z.array(z.object({ carrierId: z.string(), final: z.boolean() })),
  /** The effect tokens of the last texts that are on the phone. */
  arrived: z.array(z.string()).default([]),
});
type Known = z.output<typeof Known>;

/** Final events may come 72 hours late; by then this many texts may have gone to one customer. */
const kept = 100;
/** Who asks whether a text has arrived asks soon. */
const arrivedKept = 3;

/**
 * Says what became of the texts we sent: once when the carrier first speaks of one, once when it has
 * spoken its last word. Receipts come in any order; nothing undoes a last word.
 */
export const receipts = stage({
  name: "receipts",
  on: [ReceiptArrived],
  emits: [ReplyDelivered, ReplyUndelivered],
  state: {
    schema: Known,
    version: 1,
    initial: { texts: [], arrived: [] },
    evolve(known, event) {
      if (event.type === "receipt.arrived") return known;
      const { carrierId, final } = event.data;
      const others = known.texts.filter((text) => text.carrierId !== carrierId);
      const texts = [...others, { carrierId, final }].slice(-kept);
      const { token } = event.data;
      const isThere = event.type === "reply.delivered" && event.data.arrived && token !== null;
      return {
        texts,
        arrived: isThere ? [...known.arrived, token].slice(-arrivedKept) : known.arrived,
      };
    },
  },

  async run(
    { data }: EventOf<typeof ReceiptArrived>,
    { channel, state }: Pick<Ports, "channel"> & { state: Known },
  ) {
    const read = channel(data.channel).readReceipt(data.raw);
    const { carrierId, token, status, outcome, final } = read;
    const at = read.at ?? data.carrierTime;
    const before = state.texts.find((text) => text.carrierId === carrierId);
    if (before?.final || (before && !final)) return [];
    const { conversationId } = data;
    const about = { conversationId, channel: data.channel, carrierId, token, status, final, at };
    if (outcome === "undelivered") return [ReplyUndelivered(about)];
    return [ReplyDelivered({ ...about, ...(outcome === "delivered" && { arrived: true }) })];
  },
});
