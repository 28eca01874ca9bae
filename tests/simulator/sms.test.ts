import { SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { partsOf } from "../../packages/simulator/sms/parts.ts";
import { eventually, NUMBER, PHONE, standIn, stopAll, thrown } from "./stand-in.ts";

afterEach(stopAll);

const CARRIER = "+12065550111";
type Up = Awaited<ReturnType<typeof standIn>>;
const send = (up: Up, MessageBody: string, more: object = {}) =>
  up.sms.send(new SendTextMessageCommand({ DestinationPhoneNumber: PHONE, MessageBody, ...more }));
const texts = async (up: Up, phone = PHONE) =>
  (await up.door("GET", `/phones/${phone}/texts`)).body;
const unwrapped = (Body: string | undefined) => {
  const envelope = JSON.parse(Body ?? "");
  return { envelope, message: JSON.parse(envelope.Message) };
};
const deliveries = async (up: Up, enough: number) => {
  const events: Record<string, unknown>[] = [];
  while (events.length < enough)
    for (const { Body } of await up.take("sms-delivery")) events.push(unwrapped(Body).message);
  return events;
};

describe("a text from a phone", () => {
  it("arrives in the queue in SNS's envelope, and the phone remembers it", async () => {
    const up = await standIn();
    for (const path of ["+14255550182", "%2B14255550182", "14255550182"])
      expect((await up.door("POST", `/phones/${path}/texts`, { text: path })).status).toBe(200);
    const messages = await up.take("sms-inbound");
    expect(messages).toHaveLength(3);
    const { envelope, message } = unwrapped(messages[0]?.Body);
    expect(envelope).toMatchObject({
      Type: "Notification",
      TopicArn: "arn:aws:sns:us-west-2:111122223333:sms-inbound",
      Timestamp: expect.stringMatching(/\.\d{3}Z$/),
    });
    expect(message).toEqual({
      originationNumber: PHONE,
      destinationNumber: NUMBER,
      messageKeyword: "KEYWORD_111122223333",
      messageBody: "+14255550182",
      inboundMessageId: expect.any(String),
    });
    expect(await texts(up)).toMatchObject([
      { direction: "out", text: "+14255550182", status: "sent" },
      { direction: "out", text: "%2B14255550182" },
      { direction: "out", text: "14255550182" },
    ]);
  });

  it("is later than the one before, however fast a program types", async () => {
    const up = await standIn();
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const said = Array.from({ length: 10 }, (_, n) => `text ${n}`);
    await Promise.all(said.map((text) => up.door("POST", `/phones/${PHONE}/texts`, { text })));
    const times = (await up.take("sms-inbound")).map(
      ({ Body }) => unwrapped(Body).envelope.Timestamp,
    );
    expect(times).toHaveLength(10);
    expect(new Set(times).size).toBe(10);
  });

  it("names the text that it answers", async () => {
    const up = await standIn();
    const { MessageId } = await send(up, "how are you?");
    await up.door("POST", `/phones/${PHONE}/texts`, { text: "fine" });
    const [inbound] = await up.take("sms-inbound");
    expect(unwrapped(inbound?.Body).message.previousPublishedMessageId).toBe(MessageId);
  });
});

describe("a text to a phone", () => {
  it("is received whole, and its delivery is told step by step with its context", async () => {
    const up = await standIn({ speed: 10 });
    const { MessageId } = await send(up, "hello ".repeat(60).trim(), {
      Context: { outboxId: "o-1" },
    });
    const events = await deliveries(up, 3);
    expect(events.map(({ eventType }) => eventType)).toEqual([
      "TEXT_QUEUED",
      "TEXT_SENT",
      "TEXT_DELIVERED",
    ]);
    expect(events[2]).toMatchObject({
      isFinal: true,
      messageId: MessageId,
      destinationPhoneNumber: PHONE,
      originationPhoneNumber: NUMBER,
      messageStatus: "DELIVERED",
      context: { outboxId: "o-1" },
      totalMessageParts: 3,
    });
    expect(await texts(up)).toMatchObject([{ direction: "in", status: "DELIVERED" }]);
  });

  it.each([
    ["landline", "TEXT_INVALID"],
    ["off", "TEXT_UNREACHABLE"],
    ["blocked", "TEXT_CARRIER_BLOCKED"],
  ])("is not received by a phone that is %s", async (kind, eventType) => {
    const up = await standIn({ speed: 10 });
    await up.door("PUT", `/phones/${PHONE}`, { kind });
    await send(up, "hello");
    const last = (await deliveries(up, kind === "landline" ? 2 : 3)).at(-1);
    expect(last).toMatchObject({ eventType, isFinal: true });
    expect(await texts(up)).toEqual([]);
  });

  it("is refused after STOP where the carrier minds opt-outs, until START", async () => {
    const up = await standIn({ numbers: [{ address: CARRIER, optOut: "aws" }] });
    await up.door("POST", `/phones/${PHONE}/texts`, { text: "stop it" });
    expect(await texts(up)).toMatchObject([{ direction: "out" }, { direction: "in" }]);
    expect(await thrown(send(up, "hello"))).toMatchObject({
      name: "ConflictException",
      Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
    });
    await up.door("POST", `/phones/${PHONE}/texts`, { text: "START" });
    await send(up, "hello again");
  });

  it("is sent after STOP where the business minds opt-outs itself", async () => {
    const up = await standIn();
    await up.door("POST", `/phones/${PHONE}/texts`, { text: "STOP" });
    await send(up, "you are unsubscribed");
    expect(await texts(up)).toHaveLength(2);
  });

  it("is throttled by its recipient, and by the parts of its number", async () => {
    const up = await standIn({
      quotas: "aws",
      numbers: [{ address: NUMBER, partsPerSecond: 2 }],
    });
    await send(up, "one");
    expect(await thrown(send(up, "two"))).toMatchObject({ name: "ThrottlingException" });
    await send(up, "x".repeat(1_600), { DestinationPhoneNumber: "+14255550183" });
    expect(await thrown(send(up, "x", { DestinationPhoneNumber: "+14255550184" }))).toMatchObject({
      name: "ThrottlingException",
    });
  });

  it("is refused when the month's money is spent", async () => {
    const up = await standIn({ spendLimitUsd: 0.01 });
    await send(up, "one");
    expect(await thrown(send(up, "two"))).toMatchObject({
      name: "ServiceQuotaExceededException",
      Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
    });
  });

  it("comes twice and out of order when the faults say so", async () => {
    const up = await standIn();
    await up.door("POST", "/faults", { duplicate: true, reorder: true });
    const sent = Array.from({ length: 20 }, (_, n) => `text ${n}`);
    for (const text of sent) await up.door("POST", `/phones/${PHONE}/texts`, { text });
    const seen: string[] = [];
    await eventually(
      async () => {
        for (const { Body } of await up.take("sms-inbound"))
          seen.push(unwrapped(Body).message.messageBody);
        return seen.length;
      },
      (count) => count === 40,
    );
    expect(new Set(seen)).toEqual(new Set(sent));
    expect(seen).not.toEqual(sent.flatMap((text) => [text, text]));
  });
});

describe("the parts of a text", () => {
  it.each([
    ["a".repeat(160), "GSM", 1],
    ["a".repeat(161), "GSM", 2],
    ["a".repeat(307), "GSM", 3],
    ["€".repeat(80), "GSM", 1],
    ["€".repeat(81), "GSM", 2],
    ["я".repeat(70), "Unicode", 1],
    ["я".repeat(71), "Unicode", 2],
    ["’".repeat(1_600), "Unicode", 24],
    ["a".repeat(1_600), "GSM", 11],
    ["😀".repeat(35), "Unicode", 1],
    ["😀".repeat(36), "Unicode", 2],
  ])("are counted as carriers count them (%#)", (text, encoding, count) => {
    expect(partsOf(text)).toEqual({ encoding, count });
  });
});
