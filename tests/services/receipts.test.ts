import type { Receipt } from "@holdline/channels";
import { type Draft, ReceiptArrived, ReplyDelivered, ReplyUndelivered } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receipts } from "../../services/receipts.ts";
import { sentAt } from "../support/conversation.ts";
import { told } from "../support/told.ts";

type Status = Pick<Receipt, "status" | "outcome" | "final">;
const sent: Status = { status: "TEXT_SENT", outcome: "under-way", final: false };
const delivered: Status = { status: "TEXT_DELIVERED", outcome: "delivered", final: true };
const invalid: Status = { status: "TEXT_INVALID", outcome: "undelivered", final: true };

const arrived = (status: Status, carrierId = "s-1") =>
  ReceiptArrived({
    ...{ conversationId: "c-1", channel: "sms-aws", raw: JSON.stringify({ ...status, carrierId }) },
    ...{ carrierId, carrierTime: sentAt, arrivedAt: sentAt },
  });
const channel = () => ({
  readReceipt: (raw: string) => ({ ...JSON.parse(raw), token: "token/send-0", at: sentAt }),
});
const tell = (...facts: readonly Draft[]) => told(receipts, { channel }, ...facts);
const about = (carrierId = "s-1") => ({
  ...{ conversationId: "c-1", channel: "sms-aws", carrierId, token: "token/send-0", at: sentAt },
});

describe("receipts", () => {
  it("says once that the carrier has a text, and once what became of it", async () => {
    const { everything } = await tell(arrived(sent), arrived(sent), arrived(delivered));
    expect(everything).toEqual([
      ReplyDelivered({ ...about(), status: "TEXT_SENT", final: false }),
      ReplyDelivered({ ...about(), status: "TEXT_DELIVERED", final: true, arrived: true }),
    ]);
  });

  it("says that a text will not arrive", async () => {
    const { said } = await tell(arrived(sent), arrived(invalid));
    expect(said).toEqual([ReplyUndelivered({ ...about(), status: "TEXT_INVALID", final: true })]);
  });

  it("lets nothing undo the last word, in whatever order receipts come", async () => {
    const { everything } = await tell(arrived(delivered), arrived(sent), arrived(invalid));
    expect(everything).toEqual([
      ReplyDelivered({ ...about(), status: "TEXT_DELIVERED", final: true, arrived: true }),
    ]);
  });

  it("remembers which texts are on the phone, and of none that is only under way", async () => {
    const unknown: Status = { status: "TEXT_UNKNOWN", outcome: "under-way", final: true };
    expect((await tell(arrived(sent), arrived(delivered))).state.arrived).toEqual(["token/send-0"]);
    expect((await tell(arrived(sent), arrived(unknown))).state.arrived).toEqual([]);
    expect((await tell(arrived(sent), arrived(invalid))).state.arrived).toEqual([]);
  });

  it("ends in the same state whatever the order and however often each comes", async () => {
    const orders = fc
      .shuffledSubarray([sent, delivered], { minLength: 2 })
      .chain((order) => fc.array(fc.constantFrom(...order)).map((more) => [...order, ...more]));
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { everything, state } = await tell(...order.map((status) => arrived(status)));
        expect(state.texts).toEqual([{ carrierId: "s-1", final: true }]);
        const last = everything.filter(({ data }) => (data as { final: boolean }).final);
        expect(last).toHaveLength(1);
      }),
    );
  });

  it("keeps each text's own story", async () => {
    const { everything } = await tell(arrived(delivered), arrived(sent, "s-2"));
    expect(everything).toHaveLength(2);
  });

  it("remembers the newest hundred texts and no more", async () => {
    const many = Array.from({ length: 150 }, (_, n) => arrived(sent, `s-${n}`));
    const { state } = await tell(...many);
    expect(state.texts).toHaveLength(100);
    expect(state.texts.at(-1)?.carrierId).toBe("s-149");
  });
});
