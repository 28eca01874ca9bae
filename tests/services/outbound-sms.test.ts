import type { Sent, Text } from "@holdline/channels";
import {
  ConsentGiven,
  ConsentWithdrawn,
  type Draft,
  type Event,
  ReplyDelivered,
  ReplyRefused,
  ReplySent,
} from "@holdline/events";
import { type OnceTerms, Retry } from "@holdline/runtime";
import { describe, expect, it } from "vitest";
import { outboundSms } from "../../services/outbound-sms.ts";
import { settingsPort } from "../../services/settings/index.ts";
import { about, replies, sentAt } from "../support/conversation.ts";
import { settings } from "../support/settings.ts";
import { onceEach, told } from "../support/told.ts";

type Send = (text: Text, token: string) => Promise<Sent>;

/** A carrier that splits at bars and answers as it is told; what it was asked, and on what terms. */
function carrier(answer?: Send, given: Parameters<typeof settings>[0] = {}) {
  const sent: { text: string; token: string }[] = [];
  const terms: OnceTerms<Sent>[] = [];
  const send: Send = (text, token) => {
    sent.push({ text: text.text, token });
    const accepted: Sent = { accepted: true, carrierId: `s-${sent.length}`, segments: 1 };
    return answer?.(text, token) ?? Promise.resolve(accepted);
  };
  const fit = (text: string) => text.split("|");
  const ports = {
    settings: settingsPort(settings(given), { speed: 1, quotas: 1 }),
    channel: () => ({ fit, segments: (text: string) => Math.ceil(text.length / 10), send }),
    once(name: string, effect: Parameters<typeof onceEach>[1], asked: OnceTerms<Sent>) {
      terms.push(asked);
      return onceEach(name, effect, asked);
    },
  };
  return {
    sent,
    terms,
    tell: (...facts: readonly (Draft | Event)[]) => told(outboundSms, ports, ...facts),
  };
}

const hello = replies("conversation", "Hello", null, "agent");
const outcome = (reply: typeof hello, nth: number) => ({ ...reply.data, draftId: `e-${nth}` });
const consent = { ...about, wording: "", wordingVersion: "", words: "" };

describe("outbound-sms", () => {
  it("sends a reply once and says by which id the carrier took it", async () => {
    const { tell, sent } = carrier();
    const { said } = await tell(hello);
    expect(said).toEqual([
      ReplySent({ ...outcome(hello, 0), parts: [{ carrierId: "s-1", segments: 1 }] }),
    ]);
    expect(sent).toEqual([{ text: "Hello", token: "token/send-0" }]);
  });

  it("sends the parts of a long reply in order, each under its own token", async () => {
    const { tell, sent } = carrier();
    const { said } = await tell(replies("conversation", "one|two|three", null, "agent"));
    expect(sent.map(({ text, token }) => `${token} ${text}`)).toEqual([
      "token/send-0 one",
      "token/send-1 two",
      "token/send-2 three",
    ]);
    expect(said).toMatchObject([{ type: "reply.sent", data: { parts: { length: 3 } } }]);
  });

  it.each([
    "opted-out",
    "bad-number",
    "blocked",
    "too-long",
    "spend-limit",
    "misconfigured",
  ] as const)("says that the carrier will never take it: %s", async (reason) => {
    const { tell } = carrier(async () => ({ accepted: false, reason }));
    expect((await tell(hello)).said).toEqual([
      ReplyRefused({ ...outcome(hello, 0), reason, by: "carrier" }),
    ]);
  });

  it("leaves a carrier that is too busy to the runtime", async () => {
    const { tell } = carrier(() => Promise.reject(new Retry("throttled", { counts: false })));
    await expect(tell(hello)).rejects.toThrow("throttled");
  });

  it("sends no further parts of a reply the carrier refused", async () => {
    const { tell, sent } = carrier(async () => ({ accepted: false, reason: "blocked" }));
    await tell(replies("conversation", "one|two", null, "agent"));
    expect(sent).toHaveLength(1);
  });
});

describe("outbound-sms, after STOP", () => {
  const confirmation = replies("stop", "Bye.", null);

  it("still sends the confirmation, and refuses all but help and start", async () => {
    for (const kind of ["conversation", "notice", "offer"] as const) {
      const refused = await carrier().tell(confirmation, replies(kind, "Hi", null));
      expect(refused.said).toMatchObject([
        { type: "reply.refused", data: { reason: "opted-out", draftId: "e-1" } },
      ]);
    }
    for (const kind of ["stop", "help", "start"] as const) {
      const { said } = await carrier().tell(confirmation, replies(kind, "Hi", null));
      expect(said[0]?.type).toBe("reply.sent");
    }
  });

  it("refuses from the moment consent is withdrawn, where nobody drafts a confirmation", async () => {
    const withdrawn = ConsentWithdrawn({ ...consent, keptBy: "aws" });
    const { said } = await carrier().tell(withdrawn, hello);
    expect(said[0]?.type).toBe("reply.refused");
  });

  it("asks the carrier nothing", async () => {
    const { tell, sent } = carrier();
    await tell(confirmation, hello, hello);
    expect(sent).toHaveLength(1);
  });

  it.each([
    { name: "START", given: replies("start", "Back.", null) },
    { name: "consent given again", given: ConsentGiven(consent) },
  ])("sends again after $name", async ({ given }) => {
    const { said } = await carrier().tell(confirmation, given, hello);
    expect(said[0]?.type).toBe("reply.sent");
  });

  it("is not undone by HELP", async () => {
    const { said } = await carrier().tell(confirmation, replies("help", "Help.", null), hello);
    expect(said[0]?.type).toBe("reply.refused");
  });
});

describe("outbound-sms, on the terms of sending", () => {
  const receipt = (token: string | null) =>
    ReplyDelivered({
      ...{ conversationId: "c-1", channel: "sms-aws", carrierId: "s-9", token },
      ...{ status: "TEXT_SENT", final: false, at: sentAt },
    });

  it("takes a delivery event that bears the token for proof that the text left", async () => {
    const { tell, terms } = carrier();
    await tell(receipt(null), receipt("token/send-0"), receipt("token/send-0"), hello);
    const proof = terms[0]?.evidence?.("token/send-0");
    expect(proof).toEqual({ accepted: true, carrierId: "s-9", segments: 1 });
    expect(terms[0]?.evidence?.("token/send-1")).toBeUndefined();
  });

  it("waits for proof as long as the settings say, and then does what they say", async () => {
    const byDefault = carrier();
    await byDefault.tell(hello);
    expect(byDefault.terms[0]).toMatchObject({ ifUnsure: "retry", waitMs: 10_000 });
    const limits = { ifUnsure: "dead-letter", unsureWaitSeconds: 3 } as const;
    const careful = carrier(undefined, { limits });
    await careful.tell(hello);
    expect(careful.terms[0]).toMatchObject({ ifUnsure: "dead-letter", waitMs: 3_000 });
  });

  it("takes from the number's quota by segments and from the recipient's, commands first", async () => {
    const { tell, terms } = carrier();
    await tell(
      replies("stop", "Bye.", null),
      replies("help", "A help of 30 characters, or so.", null),
    );
    expect(terms[1]?.pace).toMatchObject([
      { limit: { perSecond: 1 }, cost: 4, priority: 0 },
      { limit: { name: "sms-to/c-1", perSecond: 1 }, cost: 4, priority: 0 },
    ]);
    const priority = async (...reply: Parameters<typeof replies>) => {
      const asked = carrier();
      await asked.tell(replies(...reply));
      return asked.terms[0]?.pace?.[0]?.priority ?? Number.NaN;
    };
    const agent = await priority("conversation", "Hi", null, "agent");
    const bot = await priority("conversation", "Hi", null, "bot");
    const notice = await priority("notice", "Hi", null);
    expect([0, agent, bot, notice]).toEqual([0, agent, bot, notice].sort((a, b) => a - b));
    expect(new Set([0, agent, bot, notice]).size).toBe(4);
  });

  it("remembers only the newest delivery events", async () => {
    const many = Array.from({ length: 90 }, (_, n) => receipt(`t-${n}`));
    const { state } = await carrier().tell(...many);
    expect(state.seen.length).toBeLessThanOrEqual(40);
    expect(state.seen.at(-1)).toEqual({ token: "t-89", carrierId: "s-9" });
  });
});
