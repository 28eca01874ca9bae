import { InboundArrived, MessageReceived } from "@holdline/events";
import { DeadLetter, stage } from "@holdline/runtime";
import type { Ports } from "./ports.ts";

/** Reads a carrier's body as a customer's text. */
export const ingest = stage({
  name: "ingest",
  on: [InboundArrived],
  emits: [MessageReceived],

  async run({ data }, { channel, settings }: Pick<Ports, "channel" | "settings">) {
    const text = channel(data.channel).read(data.raw);
    if (!settings.number(text.business)) throw new DeadLetter("not-our-number");
    return [
      MessageReceived({
        ...text,
        attachments: [...text.attachments],
        conversationId: data.conversationId,
        channel: data.channel,
        sentAt: data.carrierTime,
      }),
    ];
  },
});
