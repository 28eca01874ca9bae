import type { Contacts, Opened, Relayed } from "@holdline/connect";
import {
  ChatSaid,
  ContactOpened,
  ContactRefused,
  ContactWanted,
  type DataOf,
  type Draft,
  type Event,
  MessageClassified,
  MessageHandedOver,
  RelayRefused,
  RelaySent,
  ReplyDrafted,
} from "@holdline/events";
import { describe, expect, it } from "vitest";
import { connectRelay } from "../../services/connect-relay.ts";
import {
  about,
  business,
  classified,
  conversationId,
  customer,
  deadLettered,
  replies,
  replyRefused,
  says,
  systemSays,
  texts,
} from "../support/conversation.ts";
import { knowing, wording } from "../support/settings.ts";
import { told } from "../support/told.ts";

interface Answers {
  readonly open?: Opened;
  readonly say?: Relayed;
}

/** Connect as the relay sees it: parts are cut at bars; what it was asked is kept, with the token. */
function connect({ open, say }: Answers = {}) {
  const asked: string[] = [];
  const contacts: Contacts = {
    async open({ text, secondsWaited, language }, token) {
      asked.push(`${token} opens ${JSON.stringify(text)} ${secondsWaited} ${language}`);
      return open ?? { opened: true, contactId: "k-1" };
    },
    async say(contactId, text, token) {
      asked.push(`${token} says ${text} in ${contactId}`);
      return say ?? { sent: true, itemId: `i-${asked.length}` };
    },
    async leave(contactId, token) {
      asked.push(`${token} leaves ${contactId}`);
    },
    fit: (text) => text.split("|"),
  };
  const tell = (...facts: readonly (Draft | Event)[]) =>
    told(connectRelay, { ...knowing(), contacts }, ...facts);
  return { asked, tell };
}

const wanted = (given: Partial<DataOf<typeof ContactWanted>> = {}) =>
  ContactWanted({
    ...{ ...about, opening: null, secondsWaited: 7_500, language: "en-US", nth: 0, ...given },
  });
const openingWith = (text: string) => wanted({ opening: { messageId: "m-1", text } });
const toAgent = (text: string) => classified(text, "agent", "with-agent", "k-1");
const relayed = { ...about, contactId: "k-1" };

describe("connect-relay, on a chat that is wanted", () => {
  it("opens it with the seconds waited and the language", async () => {
    const { tell, asked } = connect();
    expect((await tell(wanted())).said).toEqual([ContactOpened({ ...about, contactId: "k-1" })]);
    expect(asked).toEqual(["token/open opens null 7500 en-US"]);
  });

  it("opens it with the customer's text, and says the rest of a long one at once", async () => {
    const { tell, asked } = connect();
    await tell(openingWith("one|two|three"));
    expect(asked).toEqual([
      'token/open opens "one" 7500 en-US',
      "token/opening-0 says two three in k-1",
    ]);
  });

  it("says why it would not open, and gives the text back", async () => {
    const refused = { opened: false, reason: "too-many-chats", willRetry: true } as const;
    const { said } = await connect({ open: refused }).tell(openingWith("hi"));
    expect(said).toEqual([
      ContactRefused({
        ...{ ...about, reason: "too-many-chats", willRetry: true, nth: 0 },
        opening: { messageId: "m-1", text: "hi" },
      }),
    ]);
  });
});

describe("connect-relay, towards the agent", () => {
  it("says the customer's text in the chat, in as many parts as it takes", async () => {
    const { tell, asked } = connect();
    const { said } = await tell(toAgent("one|two"));
    expect(said).toEqual([
      RelaySent({ ...relayed, messageId: "m:one|two", itemIds: ["i-1", "i-2"] }),
    ]);
    expect(asked).toEqual(["token/say-0 says one in k-1", "token/say-1 says two in k-1"]);
  });

  it("gives the text back when the chat is over", async () => {
    const { said } = await connect({ say: { sent: false, reason: "contact-ended" } }).tell(
      toAgent("one|two"),
    );
    const refused = { reason: "contact-ended", messageId: "m:one|two", text: "one two" };
    expect(said).toEqual([RelayRefused({ ...relayed, ...refused })]);
  });

  it("passes a bot's late answer on as a note, and lets it go when the chat is over", async () => {
    const { data } = toAgent("At nine.");
    const note = MessageClassified({ ...data, speaker: "bot", messageId: "bot:m-1" });
    const { tell, asked } = connect();
    await tell(note);
    expect(asked).toEqual(["token/say-0 says [Bot] At nine. in k-1"]);
    const over = connect({ say: { sent: false, reason: "contact-ended" } });
    const { said } = await over.tell(note);
    expect(said).toEqual([RelaySent({ ...relayed, messageId: "bot:m-1", itemIds: [] })]);
  });

  it.each(["bot", "nobody"] as const)("says nothing of a text for %s", async (route) => {
    const { tell, asked } = connect();
    expect((await tell(classified("hi", route, "waiting", "k-1"))).said).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("tells the agent of STOP and leaves the chat", async () => {
    const { tell, asked } = connect();
    const { said } = await tell(classified("STOP", "nobody", "stop", "k-1"));
    expect(said).toEqual([RelaySent({ ...relayed, messageId: "m:STOP", itemIds: ["i-1"] })]);
    expect(asked[0]).toMatch(/opted out.*STOP/);
    expect(asked[1]).toBe("token/leave leaves k-1");
  });

  it.each(["idle", "superseded"])("leaves the chat without a word: %s", async (reason) => {
    const { tell, asked } = connect();
    await tell(classified("", "nobody", reason, "k-1"));
    expect(asked).toEqual(["token/leave leaves k-1"]);
  });

  it("leaves nothing where there is no chat", async () => {
    const { tell, asked } = connect();
    expect((await tell(classified("STOP", "nobody", "stop"))).said).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe("connect-relay, on a hand-over", () => {
  const handedOver = (turns: readonly (readonly ["bot" | "customer", string])[], first = true) =>
    MessageHandedOver({
      ...{ ...relayed, agent: "Maria", first },
      turns: turns.map(([speaker, text]) => ({ speaker, text })),
    });

  it("shows the agent what was said before in one message, newest first", async () => {
    const { tell, asked } = connect();
    const { said } = await tell(
      handedOver([
        ["customer", "when?\n  and where?"],
        ["bot", "At nine."],
      ]),
    );
    const message = "[Before you joined, newest first]\nBot: At nine.\nCustomer: when? and where?";
    expect(asked).toEqual([`token/summary-0 says ${message} in k-1`]);
    expect(said).toEqual([RelaySent({ ...relayed, messageId: "e-0", itemIds: ["i-1"] })]);
  });

  it("keeps to what one Connect message holds, dropping the oldest", async () => {
    const { tell, asked } = connect();
    const turns = Array.from(
      { length: 30 },
      (_, n) => ["customer", `${n} ${"x".repeat(60)}`] as const,
    );
    await tell(handedOver(turns));
    const words = asked[0]?.replace(/^token\/summary-0 says | in k-1$/g, "") ?? "";
    expect(words.length).toBeLessThanOrEqual(1_024);
    expect(words).toContain("Customer: 29 ");
    expect(words).not.toContain("Customer: 0 ");
  });

  it("says nothing when nothing was said", async () => {
    const { tell, asked } = connect();
    expect((await tell(handedOver([]))).said).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("shows a later agent what was said since the one before", async () => {
    const { tell, asked } = connect();
    await tell(handedOver([["customer", "still me"]], false));
    expect(asked[0]).toContain("Customer: still me");
  });
});

describe("connect-relay, towards the customer", () => {
  it("drafts what agent and system say, under the event it answers", async () => {
    const { tell } = connect();
    const agent = await tell(wanted(), says("Hello!"));
    expect(agent.said).toEqual([replies("conversation", "Hello!", "e-1", "agent")]);
    const system = await tell(wanted(), systemSays("Please hold."));
    expect(system.said).toEqual([replies("conversation", "Please hold.", "e-1", "system")]);
  });

  it("says a file in a plain sentence, in the customer's language", async () => {
    const { data } = says("Look:");
    const file = { name: "bill.pdf", contentType: "application/pdf" };
    const withFile = ChatSaid({ ...data, attachments: [file] });
    const sentence = (language: string) =>
      wording("attachment", { agent: "Maria", name: "bill.pdf" }, language);
    const english = await connect().tell(wanted(), withFile);
    expect(english.said).toMatchObject([{ data: { text: `Look:\n${sentence("en-US")}` } }]);
    const alone = ChatSaid({ ...data, text: "", attachments: [file] });
    const spanish = await connect().tell(wanted({ language: "es-US" }), alone);
    expect(spanish.said).toMatchObject([{ data: { text: sentence("es") } }]);
  });

  it("drafts nothing of the customer's own words and of nothing", async () => {
    const own = ChatSaid({ ...says("hi").data, role: "CUSTOMER" });
    expect((await connect().tell(wanted(), own)).said).toEqual([]);
    expect((await connect().tell(wanted(), says("  "))).said).toEqual([]);
  });

  it("puts words of a chat it knows nothing of aside for a person", async () => {
    await expect(connect().tell(says("Hello?"))).rejects.toThrow("unknown-contact");
  });

  it("tells the agent when it was given up on sending what the agent wrote", async () => {
    const { tell, asked } = connect();
    const drafted = (speaker: "agent" | "bot") =>
      ReplyDrafted({
        ...{ conversationId, channel: "sms-aws", from: business, to: customer, text: "hi" },
        ...{ speaker, kind: "conversation", inReplyTo: null },
      });
    await tell(wanted(), deadLettered("outbound-sms", drafted("bot")));
    await tell(wanted(), deadLettered("receipts", drafted("agent")));
    expect(asked).toHaveLength(2);
    await tell(wanted(), deadLettered("outbound-sms", drafted("agent")));
    expect(asked.at(-1)).toContain("[Not delivered to the customer: bug.]");
  });

  it("tells the agent when a text will not reach the customer", async () => {
    const { tell, asked } = connect();
    await tell(wanted(), replyRefused({ reason: "bad-number" }));
    expect(asked.at(-1)).toBe(
      "token/undelivered-0 says [Not delivered to the customer: bad-number.] in k-1",
    );
  });

  it.each([
    { of: "the bot", given: { speaker: "bot", reason: "blocked" } },
    { of: "our own fault", given: { speaker: "agent", reason: "misconfigured" } },
  ] as const)("does not trouble the agent with $of", async ({ given }) => {
    const { tell, asked } = connect();
    await tell(wanted(), replyRefused(given));
    expect(asked).toHaveLength(1);
  });

  it("never hears a customer's text before it is classified", () => {
    expect(connectRelay.on.map(({ type }) => type)).not.toContain(texts("hi").type);
    expect(connectRelay.emits).toContain(ReplyDrafted);
  });
});
