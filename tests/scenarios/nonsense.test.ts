import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { digestKey, smsAws } from "@holdline/channels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodies } from "../support/malformed.ts";
import { business, town } from "./town.ts";

const number = "+14255550182";
const text = {
  ...{ originationNumber: number, destinationNumber: "+12065550999" },
  ...{ messageBody: "hello", inboundMessageId: "t-1", messageKeyword: "K" },
};
const receipt = {
  ...{ eventType: "TEXT_DELIVERED", eventTimestamp: 1_767_268_800_000, isFinal: true },
  ...{ originationPhoneNumber: business, destinationPhoneNumber: number },
  ...{ messageId: "s-1", messageStatus: "DELIVERED" },
};

/** What SQS takes: no control characters, no halves of characters, not nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is told apart.
const refusedBySqs = /^$|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** That many different bodies that can be no text to our number. */
const sample = (good: object, count: number): readonly string[] => {
  const all = fc.sample(bodies(good as Record<string, unknown>), { numRuns: count, seed: 7 });
  return [...new Set(all)].filter((body) => !refusedBySqs.test(body) && body.isWellFormed());
};

const channel = smsAws({ client: { region: "us-west-2" } });
const kept = (read: (body: string) => string) => (body: string) => {
  try {
    return Buffer.byteLength(body) > 65_536 ? undefined : read(body);
  } catch {
    return undefined;
  }
};
const idOfText = kept((body) => channel.read(body).messageId);
const idOfReceipt = kept((body) => {
  const { carrierId, status, at } = channel.readReceipt(body);
  return `${carrierId}:${status}:${at}`;
});
type Carried = { readonly carrierId: string };
const isLetter = ({ type }: { type: string }) => type === "event.dead-lettered";
const isArrival = ({ type }: { type: string }) => /^(inbound|receipt)\.arrived$/.test(type);

describe("nonsense in the queues", () => {
  it("is put aside body by body, each once, and a good text right after is answered", async () => {
    const the = await town();
    const sqs = new SQSClient({
      ...{ endpoint: the.awsUrl, region: "us-west-2", maxAttempts: 1 },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const send = async (queue: string, all: readonly string[]) => {
      for (let from = 0; from < all.length; from += 5)
        await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: `${the.awsUrl}/111122223333/${queue}`,
            Entries: all
              .slice(from, from + 5)
              .map((MessageBody, at) => ({ Id: `${at}`, MessageBody })),
          }),
        );
    };
    const texts = sample(text, 200);
    const receipts = sample(receipt, 150);
    expect(texts.length + receipts.length).toBeGreaterThan(200);
    await send("sms-inbound", texts);
    await send("sms-delivery", receipts);

    const phone = the.phone(number);
    await phone.texts("hello");
    await phone.receives(/Reply YES to start/);

    // A body too large to keep is put aside by the door, one that is not the carrier's by the stage
    // that reads it. The rest are the carrier's, if odd: known by the id in them, once each.
    const ours = [...texts.map(idOfText), ...receipts.map(idOfReceipt)];
    const unread = [...texts, ...receipts].filter((_, at) => ours[at] === undefined).map(digestKey);
    const events = await the.until("every body to be put aside", async () => {
      const all = await the.events();
      const aside = new Set(all.filter(isLetter).map(({ key }) => key));
      return unread.every((key) => aside.has(key)) ? all : undefined;
    });
    const letters = events.filter(isLetter).filter(({ key }) => key.startsWith("u_"));
    expect(letters).toHaveLength(new Set(unread).size);
    const codes = events.filter(isLetter).map(({ data }) => (data as { code: string }).code);
    expect([...new Set(codes)].sort()).toEqual(["not-our-number", "too-large", "unreadable"]);
    const read = new Set(ours.filter((id) => id !== undefined));
    const arrived = new Set(
      events.filter(isArrival).map(({ data }) => (data as Carried).carrierId),
    );
    for (const id of read) expect([...arrived]).toContain(id);
    expect(the.lines.filter((line) => line.includes("queue trouble"))).toEqual([]);
    expect(the.lines.filter((line) => line.startsWith("error failed"))).toEqual([]);
  });
});
