import { EventDeadLettered, ReceiptArrived, ReplyDelivered, ReplySent } from "@holdline/events";
import { describe, expect, it } from "vitest";
import { around, type Caused, causes } from "../../../services/why/causes.ts";
import {
  about,
  botAnswers,
  classified,
  replies,
  sentAt,
  texts,
} from "../../support/conversation.ts";
import { history } from "./given.ts";

const { conversationId, channel } = about;

const sent = (draftId: string, carrierId: string) =>
  ReplySent({
    ...replies("conversation", "At nine.", null, "bot").data,
    ...{ draftId, parts: [{ carrierId, segments: 1 }] },
  });
const receipt = (carrierId: string, status: string) =>
  ReceiptArrived({
    ...{ conversationId, channel, raw: "{}", carrierId: `${carrierId}:${status}:${sentAt}` },
    ...{ carrierTime: sentAt, arrivedAt: sentAt },
  });
const delivered = (carrierId: string) =>
  ReplyDelivered({
    ...{ conversationId, channel, carrierId, token: null },
    ...{ status: "TEXT_DELIVERED", final: true, at: sentAt },
  });

/** The tree as types, children in brackets. */
const spelt = (trees: readonly Caused[]): string =>
  trees
    .map(({ event, ledTo }) => event.type + (ledTo.length > 0 ? `[${spelt(ledTo)}]` : ""))
    .join(" ");

describe("causes", () => {
  it("are what each event names as its cause", () => {
    const { events, said } = history();
    const read = said("ingest", texts("when?"));
    const routed = said("classify", classified("when?", "bot", "waiting"), read);
    const answered = said("bot-reply", botAnswers("when?", "At nine."), routed);
    said("classify", replies("conversation", "At nine.", "m", "bot"), answered);
    said("ingest", texts("thanks"));
    expect(spelt(causes(events))).toBe(
      "message.received[message.classified[bot.answered[reply.drafted]]] message.received",
    );
  });

  it("of a receipt are the text it tells of, even if it was quicker than the word that the text was taken", () => {
    const { events, said } = history();
    const draft = said("classify", replies("conversation", "At nine.", null, "bot"));
    const early = said("sms-aws", receipt("SM1", "TEXT_SENT"));
    said("outbound-sms", sent(draft.id, "SM1"), draft);
    const last = said("sms-aws", receipt("SM1", "TEXT_DELIVERED"));
    said("receipts", delivered("SM1"), last);
    said("sms-aws", receipt("SM9", "TEXT_DELIVERED"));
    expect(spelt(causes(events))).toBe(
      "reply.drafted[reply.sent[receipt.arrived receipt.arrived[reply.delivered]]] receipt.arrived",
    );
    expect(causes(events)[0]?.ledTo[0]?.ledTo[0]?.event).toBe(early);
  });

  it("of a redriven event are its dead letter; what its stage then says follows from the redrive", () => {
    const { events, said } = history();
    const routed = said("classify", classified("when?", "bot", "waiting"));
    said("connect-relay", replies("conversation", "before", null, "system"), routed);
    const letter = EventDeadLettered({
      ...{ conversationId, stage: "bot-reply", code: "bot-silent", stack: null, event: routed },
    });
    said("bot-reply", letter, routed);
    const again = said("redrive", classified("when?", "bot", "waiting"), null, {
      ...{ id: routed.id, cause: routed.cause, only: "bot-reply" },
    });
    said("bot-reply", botAnswers("when?", "At nine."), again);
    said("connect-relay", replies("conversation", "after", null, "system"), routed);
    expect(spelt(causes(events))).toBe(
      "message.classified[reply.drafted event.dead-lettered[message.classified[bot.answered]] reply.drafted]",
    );
  });

  it("that the history does not hold leave an event to stand by itself", () => {
    const { events, said } = history();
    said("ingest", texts("hello"), null, { cause: "gone" });
    expect(spelt(causes(events))).toBe("message.received");
  });

  it("and effects of one event are its branch alone", () => {
    const { events, said } = history();
    const read = said("ingest", texts("when?"));
    said("classify", classified("when?", "nobody", "help"), read);
    const draft = said("classify", replies("help", "Text us.", null), read);
    said("outbound-sms", sent(draft.id, "SM1"), draft);
    said("ingest", texts("thanks"));
    const branch = around(causes(events), draft.id);
    expect(spelt(branch)).toBe("message.received[reply.drafted[reply.sent]]");
  });
});
