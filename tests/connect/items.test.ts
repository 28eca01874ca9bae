import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { admissionId, isHeard, isOddMarker, readItem } from "../../packages/connect/items.ts";
import { readMarker } from "../../packages/connect/marker.ts";
import { ChatItem, readFrame } from "../../packages/connect/wire.ts";

const contactId = "4a573372-1f28-4e26-b97b-5f0000000001";
const context = { conversationId: "c-1", contactId, queuedBefore: false };
const agentSaid = {
  Id: "i-1",
  AbsoluteTime: "2026-11-22T19:16:31.123Z",
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: "Hi, how can I help?",
  DisplayName: "Maria",
  ParticipantRole: "AGENT",
};
const event = (name: string) => `application/vnd.amazonaws.connect.event.${name}`;
const systemSaid = (Content: string) => ({ ...agentSaid, ParticipantRole: "SYSTEM", Content });

describe("an item of a chat", () => {
  it("becomes what an agent said", () => {
    expect(readItem(agentSaid, context)).toEqual({
      type: "chat.said",
      version: 1,
      key: "c-1",
      data: {
        conversationId: "c-1",
        contactId,
        itemId: "i-1",
        at: "2026-11-22T19:16:31.123Z",
        role: "AGENT",
        displayName: "Maria",
        text: "Hi, how can I help?",
        attachments: [],
      },
    });
  });

  it("speaks for agents, the system, bots and supervisors alike", () => {
    for (const ParticipantRole of ["AGENT", "SYSTEM", "CUSTOM_BOT", "SUPERVISOR"])
      expect(readItem({ ...agentSaid, ParticipantRole }, context)?.type).toBe("chat.said");
  });

  it("is nothing when it is the customer's own echo, a role nobody knows, or no role", () => {
    for (const ParticipantRole of ["CUSTOMER", "ROBOT_DOG", undefined])
      expect(readItem({ ...agentSaid, ParticipantRole }, context)).toBeUndefined();
  });

  it("is nothing when it is typing, a receipt, an empty text or a content type nobody knows", () => {
    const told = [
      { ...agentSaid, Type: "EVENT", ContentType: event("typing") },
      { ...agentSaid, Type: "EVENT", ContentType: event("participant.idle") },
      { ...agentSaid, Type: "EVENT", ContentType: event("invented.tomorrow") },
      { ...agentSaid, Type: "MESSAGEMETADATA" },
      { ...agentSaid, Type: "SOMETHING_ELSE" },
      { ...agentSaid, Content: "" },
    ];
    for (const item of told) expect(readItem(item, context)).toBeUndefined();
  });

  it("is nothing when an earlier session of a persistent chat said it", () => {
    expect(readItem({ ...agentSaid, RelatedContactId: "earlier" }, context)).toBeUndefined();
  });

  it("tells who joined and who left, but not the customer", () => {
    const joined = { ...agentSaid, Type: "EVENT", ContentType: event("participant.joined") };
    const left = { ...joined, ContentType: event("participant.left") };
    expect(readItem(joined, context)?.type).toBe("chat.joined");
    expect(readItem(left, context)?.type).toBe("chat.left");
    expect(readItem({ ...joined, ParticipantRole: "CUSTOMER" }, context)).toBeUndefined();
    expect(readItem({ ...left, ParticipantRole: "CUSTOMER" }, context)).toBeUndefined();
  });

  it("ends the chat, under an id that only the contact decides", () => {
    const { ParticipantRole: _, ...ended } = {
      ...agentSaid,
      Id: "i-11",
      Type: "EVENT",
      ContentType: event("chat.ended"),
    };
    expect(readItem(ended, context)).toMatchObject({
      type: "chat.ended",
      data: { itemId: "i-11", reason: "ended" },
    });
    expect(admissionId(ended, contactId)).toBe(`ended:${contactId}`);
    expect(admissionId(agentSaid, contactId)).toBe("i-1");
  });

  it("waits for the completed text of a bot that speaks in chunks, which share one id", () => {
    const chunk = { ...systemSaid("Your ord"), MessageMetadata: { MessageCompleted: false } };
    const whole = { ...systemSaid("Your order."), MessageMetadata: { MessageCompleted: true } };
    expect(isHeard(chunk)).toBe(false);
    expect(readItem(whole, context)).toMatchObject({ data: { text: "Your order." } });
  });

  it("brings approved files and no others", () => {
    const file = (Status: string) => ({
      ...agentSaid,
      Type: "ATTACHMENT",
      ContentType: "application/json",
      Content: null,
      Attachments: [
        { AttachmentName: "invoice.json", ContentType: "application/json", Status },
        { AttachmentName: "virus.exe", ContentType: "application/exe", Status: "REJECTED" },
      ],
    });
    expect(readItem(file("APPROVED"), context)).toMatchObject({
      data: { text: "", attachments: [{ name: "invoice.json", contentType: "application/json" }] },
    });
    expect(readItem(file("IN_PROGRESS"), context)).toBeUndefined();
  });

  it("reads interactive messages out as lines", () => {
    const Content = JSON.stringify({
      templateType: "ListPicker",
      version: "1.0",
      data: {
        replyMessage: { title: "Thanks!" },
        content: {
          title: "Which one?",
          subtitle: "Tap to choose",
          elements: [{ title: "A flat", subtitle: "two rooms" }, { title: "A house" }],
        },
      },
    });
    const item = {
      ...agentSaid,
      ContentType: "application/vnd.amazonaws.connect.message.interactive",
      Content,
    };
    expect(readItem(item, context)).toMatchObject({
      data: { text: "Which one?\nTap to choose\nA flat: two rooms\nA house" },
    });
  });

  it("passes JSON on as it is when nothing in it can be read", () => {
    const json = (Content: string) =>
      readItem({ ...agentSaid, ContentType: "application/json", Content }, context)?.data;
    expect(json('{"orderId":7}')).toMatchObject({ text: '{"orderId":7}' });
    expect(json("not json")).toMatchObject({ text: "not json" });
    expect(json('{"text":"hello"}')).toMatchObject({ text: "hello" });
  });

  it("accepts every documented sample", () => {
    const samples = new URL("./samples.json", import.meta.url);
    const items = JSON.parse(readFileSync(samples, "utf8")) as Record<string, unknown>;
    const told = Object.fromEntries(
      Object.entries(items).map(([name, item]) => [
        name,
        readItem(ChatItem.parse(item), context)?.type,
      ]),
    );
    expect(told).toEqual({
      "agent-message": "chat.said",
      "system-message": "chat.said",
      "system-marker": "chat.queued",
      "customer-echo": undefined,
      "participant-joined-agent": "chat.joined",
      "participant-left-agent": "chat.left",
      typing: undefined,
      "transfer-succeeded": undefined,
      attachment: "chat.said",
      "chat-ended": "chat.ended",
      "bot-partial": undefined,
      "bot-complete": "chat.said",
      "read-receipt": undefined,
    });
  });
});

describe("a queue marker", () => {
  const marker = "##QUEUE## state=WAITING position=3 size=12 oldest=340";

  it("enters the queue the first time and moves in it afterwards", () => {
    expect(readItem(systemSaid(marker), context)).toMatchObject({
      type: "chat.queued",
      data: { state: "WAITING", position: 3, size: 12, oldestSeconds: 340, queue: null },
    });
    expect(readItem(systemSaid(marker), { ...context, queuedBefore: true })?.type).toBe(
      "chat.moved",
    );
  });

  it("tells of a full or closed queue, which is no entry", () => {
    expect(readItem(systemSaid("##QUEUE## state=CLOSED"), context)).toMatchObject({
      type: "chat.moved",
      data: { state: "CLOSED", position: null, size: null, oldestSeconds: null },
    });
  });

  it("is believed from the system only", () => {
    expect(readItem({ ...agentSaid, Content: marker }, context)).toMatchObject({
      type: "chat.said",
      data: { text: marker },
    });
  });

  it("is silent but noticed when it cannot be read", () => {
    for (const odd of ["##QUEUE##", "##QUEUE## state=SLEEPING", "##QUEUE## size=3"]) {
      expect(readItem(systemSaid(odd), context)).toBeUndefined();
      expect(isOddMarker(systemSaid(odd))).toBe(true);
    }
    expect(isOddMarker(systemSaid(marker))).toBe(false);
    expect(isOddMarker(systemSaid("Hello"))).toBe(false);
  });

  it("leaves open what the flow left empty", () => {
    expect(readMarker("  ##QUEUE## state=waiting position= size=x oldest=0")).toEqual({
      state: "WAITING",
      queue: null,
      position: null,
      size: null,
      oldestSeconds: 0,
    });
    expect(readMarker("##QUEUE## queue=Sms and chat state=FULL position=0")).toMatchObject({
      queue: "Sms and chat",
      state: "FULL",
      position: null,
    });
  });
});

describe("a frame", () => {
  const chat = (content: unknown) => JSON.stringify({ topic: "aws/chat", content });

  it("carries its item as JSON within JSON", () => {
    expect(readFrame(chat(JSON.stringify(agentSaid)))).toEqual({ frame: "item", item: agentSaid });
  });

  it("is told apart by topic", () => {
    const read = (frame: object) => readFrame(JSON.stringify(frame)).frame;
    expect(read({ topic: "aws/heartbeat", odd: 1 })).toBe("heartbeat");
    expect(read({ topic: "aws/subscribe", content: { status: "success" } })).toBe("subscribed");
    expect(read({ topic: "aws/subscribe", content: { status: "failure" } })).toBe("not-subscribed");
    expect(read({ topic: "aws/tomorrow" })).toBe("nothing");
    expect(read({ message: "Forbidden", connectionId: "x", requestId: "y" })).toBe("trouble");
    expect(readFrame('{"topic":"aws/ping","statusCode":500}')).toEqual({
      frame: "ping",
      healthy: false,
    });
    expect(readFrame('{"topic":"aws/ping","statusCode":200}')).toEqual({
      frame: "ping",
      healthy: true,
    });
  });

  it("never throws", () => {
    for (const text of ["{", "null", "[]", "7", chat("{"), chat("{}"), chat({ Id: 5 })])
      expect(readFrame(text).frame).toMatch(/^(unreadable|nothing)$/);
    expect(readFrame("").frame).toBe("nothing");
  });
});
