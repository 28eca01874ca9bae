import { describe, expect, it } from "vitest";
import { amazonConnect } from "../../packages/connect/amazon-connect.ts";
import { contactBook } from "../../packages/connect/book.ts";
import { connectClient, participantClient } from "../../packages/connect/clients.ts";
import type { Opening } from "../../packages/connect/contacts.ts";
import { Retry } from "../../packages/runtime/errors.ts";
import { fakeConnect } from "../support/fake-connect.ts";
import type { Operation } from "../support/fake-connect-model.ts";
import { keptValues } from "../support/kept-values.ts";

const opening: Opening = {
  conversationId: "c-1",
  channel: "sms-aws",
  business: "+12065550100",
  customer: "+14255550182",
  language: "en-US",
  secondsWaited: 340.4,
  text: "I need help",
};
const { signal } = new AbortController();

async function connected() {
  const fake = await fakeConnect();
  const at = { region: "us-west-2", endpoint: fake.endpoint, requestTimeoutMs: 500 };
  const book = contactBook(keptValues());
  const contacts = amazonConnect({
    connect: connectClient(at, { accessKeyId: "a", secretAccessKey: "b" }),
    participant: participantClient(at),
    book,
    route: (business) => ({ instanceId: `instance of ${business}`, flowId: "sms-chat" }),
    chatMinutes: 600,
  });
  const fail = (operation: Operation, error: "AccessDeniedException" | string, times = 1) =>
    fake.misbehave.errors.push({ operation, error: error as "AccessDeniedException", times });
  const open = async () => {
    const opened = await contacts.open(opening, "open-1", signal);
    if (!opened.opened) throw new Error(opened.reason);
    return opened.contactId;
  };
  return { fake, book, contacts, fail, open };
}

const thrown = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Retry);
  return error as Retry;
};

describe("opening a contact", () => {
  it("starts a chat with all the flow needs to know, and keeps its credentials", async () => {
    const { fake, book, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    expect(fake.callsOf("StartChatContact").at(0)?.body).toEqual({
      InstanceId: "instance of +12065550100",
      ContactFlowId: "sms-chat",
      ClientToken: "open-1",
      ParticipantDetails: { DisplayName: "+14255550182" },
      Attributes: {
        channel: "sms-aws",
        customerAddress: "+14255550182",
        systemAddress: "+12065550100",
        conversationId: "c-1",
        language: "en-US",
        waitedSeconds: "340",
      },
      InitialMessage: { ContentType: "text/plain", Content: "I need help" },
      SupportedMessagingContentTypes: ["text/plain"],
      ChatDurationInMinutes: 600,
    });
    expect(await book.of(contactId)).toEqual({
      contactId,
      conversationId: "c-1",
      participantToken: `participant-${contactId}`,
      heardBy: "socket",
    });
  });

  it("is the same contact when it is repeated with the same token", async () => {
    const { fake, open } = await connected();
    await using _ = fake;
    expect(await open()).toBe(await open());
    expect(fake.chats.size).toBe(1);
  });

  it("sends no opening text when there is none", async () => {
    const { fake, contacts } = await connected();
    await using _ = fake;
    await contacts.open({ ...opening, text: null }, "open-1", signal);
    expect(fake.callsOf("StartChatContact").at(0)?.body).not.toHaveProperty("InitialMessage");
  });

  it("is refused for now when there are too many chats, and for good when it cannot be right", async () => {
    const { fake, contacts, fail } = await connected();
    await using _ = fake;
    fail("StartChatContact", "LimitExceededException");
    expect(await contacts.open(opening, "t", signal)).toEqual({
      opened: false,
      reason: "too-many-chats",
      willRetry: true,
    });
    for (const error of [
      "InvalidRequestException",
      "InvalidParameterException",
      "ResourceNotFoundException",
    ]) {
      fail("StartChatContact", error);
      expect(await contacts.open(opening, "t", signal)).toEqual({
        opened: false,
        reason: "misconfigured",
        willRetry: false,
      });
    }
  });

  it("is to be retried when throttled, which is no attempt, and when Connect fails, which is one", async () => {
    const { fake, contacts, fail } = await connected();
    await using _ = fake;
    fail("StartChatContact", "TooManyRequestsException");
    expect(await thrown(contacts.open(opening, "t", signal))).toMatchObject({ counts: false });
    fail("StartChatContact", "InternalServiceException");
    expect(await thrown(contacts.open(opening, "t", signal))).toMatchObject({ counts: true });
    expect(fake.callsOf("StartChatContact")).toHaveLength(2);
  });

  it("stops when it is told to", async () => {
    const { fake, contacts } = await connected();
    await using _ = fake;
    await thrown(contacts.open(opening, "t", AbortSignal.abort()));
    expect(fake.callsOf("StartChatContact")).toHaveLength(0);
  });
});

describe("saying something in a contact", () => {
  it("asks for credentials once, and never for a socket", async () => {
    const { fake, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    const one = await contacts.say(contactId, "one", "t-1", signal);
    await contacts.say(contactId, "two", "t-2", signal);
    const said = fake.chats.get(contactId)?.transcript ?? [];
    expect(said.map(({ Content }) => Content)).toEqual(["one", "two"]);
    expect(one).toEqual({ sent: true, itemId: said.at(0)?.Id });
    const asked = fake.callsOf("CreateParticipantConnection");
    expect(asked.map(({ body }) => body.Type)).toEqual([["CONNECTION_CREDENTIALS"]]);
  });

  it("is said once when it is repeated with the same token", async () => {
    const { fake, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    const first = await contacts.say(contactId, "one", "t-1", signal);
    expect(await contacts.say(contactId, "one", "t-1", signal)).toEqual(first);
    expect(fake.chats.get(contactId)?.transcript).toHaveLength(1);
  });

  it("gets new credentials when the old ones are refused", async () => {
    const { fake, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    await contacts.say(contactId, "one", "t-1", signal);
    fake.expireTokens();
    expect(await contacts.say(contactId, "two", "t-2", signal)).toMatchObject({ sent: true });
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(2);
  });

  it("gets new credentials a minute before the old ones expire", async () => {
    const { fake, book, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    await book.entrust(contactId, {
      connectionToken: "about to expire",
      expires: new Date(Date.now() + 59_000).toISOString(),
    });
    await contacts.say(contactId, "one", "t-1", signal);
    expect(fake.callsOf("SendMessage").at(0)?.bearer).not.toBe("about to expire");
  });

  it("asks once for credentials when two speak at the same time", async () => {
    const { fake, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    await Promise.all(["1", "2", "3"].map((n) => contacts.say(contactId, n, n, signal)));
    expect(fake.callsOf("CreateParticipantConnection")).toHaveLength(1);
  });

  it("finds the contact ended when new credentials are refused too, or are no better", async () => {
    const { fake, contacts, open, fail } = await connected();
    await using _ = fake;
    const contactId = await open();
    fail("SendMessage", "AccessDeniedException", 2);
    const over = { sent: false, reason: "contact-ended" };
    expect(await contacts.say(contactId, "one", "t-1", signal)).toEqual(over);
    const chat = fake.chats.get(contactId);
    if (chat) fake.end(chat);
    expect(await contacts.say(contactId, "one", "t-1", signal)).toEqual(over);
    expect(await contacts.say("a contact nobody knows", "one", "t-1", signal)).toEqual(over);
  });

  it("reports a text that Connect does not take", async () => {
    const { fake, contacts, open, fail } = await connected();
    await using _ = fake;
    const contactId = await open();
    fail("SendMessage", "ValidationException");
    expect(await contacts.say(contactId, "one", "t-1", signal)).toEqual({
      sent: false,
      reason: "not-valid",
    });
  });

  it("is to be retried when throttled or when Connect fails, at whatever step", async () => {
    const { fake, contacts, open, fail } = await connected();
    await using _ = fake;
    const contactId = await open();
    for (const operation of ["CreateParticipantConnection", "SendMessage"] as const) {
      fail(operation, "ThrottlingException");
      expect(await thrown(contacts.say(contactId, "1", "1", signal))).toMatchObject({
        counts: false,
      });
      fail(operation, "InternalServerException");
      expect(await thrown(contacts.say(contactId, "1", "1", signal))).toMatchObject({
        counts: true,
      });
    }
    expect(await contacts.say(contactId, "1", "1", signal)).toMatchObject({ sent: true });
  });
});

describe("leaving a contact", () => {
  it("ends the chat, and is content with one that is over already", async () => {
    const { fake, contacts, open } = await connected();
    await using _ = fake;
    const contactId = await open();
    await contacts.leave(contactId, "t-1", signal);
    expect(fake.chats.get(contactId)?.ended).toBe(true);
    await contacts.leave(contactId, "t-2", signal);
    await contacts.leave("a contact nobody knows", "t-3", signal);
  });
});

describe("fitting a text", () => {
  it("cuts it to what Connect takes", async () => {
    const { fake, contacts } = await connected();
    await using _ = fake;
    expect(contacts.fit("word ".repeat(300)).map((part) => part.length <= 1_024)).toEqual([
      true,
      true,
    ]);
  });
});
