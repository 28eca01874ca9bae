import { conversationKey } from "@holdline/channels/reading";
import {
  ChatEnded,
  ChatJoined,
  ChatLeft,
  ChatMoved,
  ChatQueued,
  ChatSaid,
  ContactOpened,
  type Draft,
  type Event,
  InboundArrived,
  OfferMade,
  ReceiptArrived,
} from "@holdline/events";
import { derivedId } from "@holdline/runtime";
import { defaultMatcher } from "../faq.ts";
import { settingsPort } from "../settings/index.ts";
import { Settings } from "../settings/schema.ts";
import { standInSettings } from "../stand-in.ts";
import { conversation } from "./history-pipeline.ts";

const channel = "sms-aws";
const business = "+12065550100";
const secret = "the key of made-up conversations, of 32 characters or more";
const settings = settingsPort(Settings.parse(standInSettings("http://127.0.0.1:1")), {
  speed: 1,
  quotas: Number.POSITIVE_INFINITY,
});
const match = defaultMatcher(undefined);

/** A number in [0, 1) from a seed and a place: the same ones for the same seed. */
export function numbers(seed: string): () => number {
  let drawn = 0;
  return () => Number.parseInt(derivedId(seed, drawn++).slice(0, 12), 16) / 2 ** 48;
}

/**
 * One customer's whole story, made up from a seed and told by the real stages: offered, mostly accepted, texts
 * to the bot, an agent for most, an end, sometimes STOP. All texts are from `texts`.
 */
export async function story(
  seed: string,
  nth: number,
  texts: readonly string[],
  startMs: number,
): Promise<readonly Event[]> {
  const random = numbers(`${seed}/${nth}`);
  const chance = (share: number) => random() < share;
  const between = (least: number, most: number) =>
    least + Math.floor(random() * (most - least + 1));
  const words = () => texts[between(0, texts.length - 1)] ?? "";
  const customer = `+1${2_000_000_000 + nth}`;
  const conversationId = conversationKey(secret, channel, business, customer);
  let named = 0;
  const name = (what: string) => derivedId(seed, nth, what, named++);
  const receipts: (readonly [token: string, carrierId: string])[] = [];
  const the = conversation(
    conversationId,
    {
      settings,
      name,
      sent: (_, token, carrierId) => void receipts.push([token, carrierId]),
      async ask({ text, language }) {
        const found = match(text, language);
        if (!found) return { answered: false, reason: "fallback" };
        return { answered: true, intent: found.intent, score: found.score, text: found.answer };
      },
    },
    startMs,
  );

  const arrived = (body: object, carrierId: string) => {
    const at = the.now();
    const raw = JSON.stringify({
      Type: "Notification",
      ...{ MessageId: name("sns"), TopicArn: "arn:aws:sns:us-west-2:111122223333:sms" },
      ...{ Message: JSON.stringify(body), Timestamp: at, SignatureVersion: "1" },
    });
    return { conversationId, channel, raw, carrierId, carrierTime: at, arrivedAt: at };
  };

  /** The carrier tells of every text that left, once on the way and once at the end. */
  async function delivered() {
    for (const [token, messageId] of receipts.splice(0))
      for (const eventType of ["TEXT_SENT", "TEXT_DELIVERED"]) {
        await the.later(between(100, 900));
        const isFinal = eventType === "TEXT_DELIVERED";
        const receipt = {
          ...{ eventType, eventVersion: "1.0", eventTimestamp: Date.parse(the.now()), isFinal },
          ...{ originationPhoneNumber: business, destinationPhoneNumber: customer, messageId },
          context: { token, conversation: conversationId },
        };
        const id = `${messageId}:${eventType}`;
        await the.happens(channel, id, ReceiptArrived(arrived(receipt, id)));
      }
  }

  async function says(messageBody: string) {
    await the.later(between(3_000, 60_000));
    const inboundMessageId = name("inbound");
    const text = {
      ...{ originationNumber: customer, destinationNumber: business },
      ...{ messageBody, inboundMessageId, messageKeyword: "KEYWORD_111122223333" },
    };
    await the.happens(channel, inboundMessageId, InboundArrived(arrived(text, inboundMessageId)));
    await delivered();
  }

  async function chat(make: (item: Item) => Draft) {
    const item = { contactId: contactOf(the.told), itemId: name("connect"), at: the.now() };
    await the.happens("connect", item.itemId, make(item));
    await delivered();
  }
  const queue = { queue: "sms", state: "WAITING" } as const;
  const waitingAt = (position: number) => ({
    ...{ conversationId, ...queue, position, size: position + between(0, 9) },
    oldestSeconds: position * between(30, 200),
  });

  const secondsWaited = between(300, 9_000);
  await the.happens(
    "opt-in",
    name("call"),
    OfferMade({
      ...{ conversationId, channel, business, customer, voiceContactId: name("voice") },
      ...{ queue: "sms", secondsWaited, estimatedWaitSeconds: secondsWaited, language: "en-US" },
    }),
  );
  await delivered();
  if (!chance(0.1)) await says(chance(0.05) ? "No thanks" : "YES");
  if (contactOf(the.told) !== "") await chats();
  // Every reminder has come: what the recording does not hold was not to be said.
  await the.later(72 * 3_600_000);
  return the.told;

  async function chats() {
    const position = between(1, 12);
    await chat((item) => ChatQueued({ ...item, ...waitingAt(position) }));
    for (let left = position; left > 1 && chance(0.8); left--) {
      await says(chance(0.1) ? "WAIT" : words());
      await the.later(120_000);
      await chat((item) => ChatMoved({ ...item, ...waitingAt(left - 1) }));
    }
    const agent = { conversationId, role: "AGENT", displayName: "Maria" } as const;
    if (chance(0.85)) {
      await chat((item) => ChatJoined({ ...item, ...agent }));
      for (let turns = between(1, 8); turns > 0; turns--) {
        await the.later(between(5_000, 60_000));
        await chat((item) => ChatSaid({ ...item, ...agent, text: words(), attachments: [] }));
        await says(words());
      }
      await chat((item) => ChatLeft({ ...item, ...agent }));
    }
    await chat((item) => ChatEnded({ ...item, conversationId, reason: "ended" }));
    if (chance(0.1)) await says("STOP");
  }
}

interface Item {
  readonly contactId: string;
  readonly itemId: string;
  readonly at: string;
}

/** The chat there is; nothing before there is one. */
function contactOf(told: readonly Event[]): string {
  const opened = told.findLast(({ type }) => type === ContactOpened.type);
  return opened ? ContactOpened.parse(opened).data.contactId : "";
}
