import type { SQSClient } from "@aws-sdk/client-sqs";
import { digestKey, smsAws } from "@holdline/channels";
import type { Draft } from "@holdline/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smsDoor } from "../../../services/doors/sms.ts";
import { about } from "../../support/conversation.ts";
import { bodies } from "../../support/malformed.ts";

const secret = "0123456789abcdef0123456789abcdef";
const text = {
  ...{ originationNumber: about.customer, destinationNumber: about.business },
  ...{ messageBody: "hello", inboundMessageId: "t-1", messageKeyword: "K" },
};
const receipt = {
  ...{ eventType: "TEXT_DELIVERED", eventTimestamp: 1_767_268_800_000, isFinal: true },
  ...{ originationPhoneNumber: about.business, destinationPhoneNumber: about.customer },
  ...{ messageId: "s-1", context: { token: "k" }, messageStatus: "DELIVERED" },
};

/** One queue each with these bodies; what was let in, and how many messages were left undone. */
async function through(inbound: readonly string[], delivery: readonly string[] = []) {
  const left = new Map([
    ["in", inbound.map((Body, nth) => ({ Body, MessageId: `${nth}`, ReceiptHandle: `in-${nth}` }))],
    [
      "out",
      delivery.map((Body, nth) => ({ Body, MessageId: `${nth}`, ReceiptHandle: `out-${nth}` })),
    ],
  ]);
  const done = new Set<string>();
  const admitted: { id: string; draft: Draft }[] = [];
  const trouble: object[] = [];
  const stop = new AbortController();
  const all = inbound.length + delivery.length;
  const sqs = {
    async send({
      input,
    }: {
      input: {
        QueueUrl: string;
        Entries?: { ReceiptHandle: string }[];
        MaxNumberOfMessages?: number;
      };
    }) {
      if (input.MaxNumberOfMessages !== undefined) {
        const queue = left.get(input.QueueUrl.split("/").at(-1) ?? "") ?? [];
        if (queue.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        return { Messages: queue.splice(0, input.MaxNumberOfMessages) };
      }
      for (const { ReceiptHandle } of input.Entries ?? []) done.add(ReceiptHandle);
      if (done.size === all) stop.abort();
      return {};
    },
  };
  const warn = (facts: object) => {
    trouble.push(facts);
    stop.abort();
  };
  await smsDoor({
    channel: smsAws({ client: { region: "us-west-2" } }),
    ingress: {
      async admit(_, id, draft) {
        admitted.push({ id, draft });
        return "new";
      },
    },
    sqs: sqs as unknown as SQSClient,
    queues: { inbound: "http://q/in", delivery: "http://q/out" },
    ...{ secret, unclean: false, signal: stop.signal },
    log: { debug() {}, info() {}, warn, error() {} },
  });
  return { admitted, trouble };
}

const types = (admitted: readonly { draft: Draft }[]) => admitted.map(({ draft }) => draft.type);

describe("the door of texts", () => {
  it("lets a text in under its carrier's id and its conversation's name", async () => {
    const raw = JSON.stringify(text);
    const { admitted } = await through([raw]);
    expect(admitted).toMatchObject([
      { id: "t-1", draft: { type: "inbound.arrived", data: { raw, carrierId: "t-1" } } },
    ]);
    expect(admitted[0]?.draft.key).toMatch(/^c_[a-z2-7]{32}$/);
  });

  it("lets a delivery event in under the conversation of the text it is about", async () => {
    const { admitted } = await through([JSON.stringify(text)], [JSON.stringify(receipt)]);
    expect(types(admitted).sort()).toEqual(["inbound.arrived", "receipt.arrived"]);
    expect(new Set(admitted.map(({ draft }) => draft.key)).size).toBe(1);
  });

  it("names what nobody can read by its digest, so that it is put aside once", async () => {
    const { admitted } = await through(["{nonsense"]);
    expect(admitted).toMatchObject([
      {
        id: digestKey("{nonsense"),
        draft: { key: digestKey("{nonsense"), type: "inbound.arrived" },
      },
    ]);
  });

  it("puts a body too large to keep aside by its digest alone", async () => {
    const large = JSON.stringify({ ...text, messageBody: "ü".repeat(40_000) });
    const { admitted } = await through([large], [large]);
    expect(types(admitted)).toEqual(["event.dead-lettered", "event.dead-lettered"]);
    expect(admitted[0]?.draft.data).toMatchObject({ code: "too-large" });
    expect(JSON.stringify(admitted).length).toBeLessThan(2_000);
  });

  it("puts a body aside that would be too large as an event, though few bytes make it", async () => {
    const { admitted } = await through(["\u0001".repeat(40_000)]);
    expect(admitted[0]?.draft.data).toMatchObject({ code: "too-large" });
  });

  it("takes a text whose time is beyond all calendars", async () => {
    const Timestamp = "+275760-09-13T00:00:00.000Z";
    const body = {
      Type: "Notification",
      MessageId: "n",
      TopicArn: "a",
      Message: JSON.stringify(text),
      Timestamp,
    };
    const { admitted } = await through([JSON.stringify(body)]);
    expect(types(admitted)).toEqual(["inbound.arrived"]);
  });

  it("lets every body in or puts it aside, whatever it is, and stops for none", async () => {
    const many = (good: object) =>
      fc.array(bodies(good as Record<string, unknown>), { minLength: 60, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(many(text), many(receipt), async (texts, receipts) => {
        const { admitted, trouble } = await through(texts, receipts);
        expect(trouble).toEqual([]);
        expect(admitted).toHaveLength(texts.length + receipts.length);
      }),
      { numRuns: 5 },
    );
  });
});
