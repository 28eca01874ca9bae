import type { Draft, Event } from "@holdline/events";
import { derivedId } from "@holdline/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "../../../services/classify.ts";
import { outboundSms } from "../../../services/outbound-sms.ts";
import {
  botAnswers,
  botStumped,
  classified,
  contactRefused,
  deadLettered,
  ends,
  joins,
  leaves,
  moved,
  offered,
  opened,
  queued,
  relayRefused,
  reminded,
  replies,
  replyRefused,
  says,
  texts,
} from "../../support/conversation.ts";
import { arriving } from "../../support/make.ts";
import { knowing, withNumber } from "../../support/settings.ts";
import { onceEach } from "../../support/told.ts";

const contact = fc.constantFrom("k-1", "k-2", "k-3");
const words = fc.constantFrom(
  "hello",
  "when?",
  "YES",
  "no",
  "WAIT",
  "HELP",
  "STOP",
  "START",
  "ok!",
);
const state = fc.constantFrom("WAITING", "CLOSED", "FULL", "ABANDONED");
const agent = fc.constantFrom("Maria", "Ben");
const token = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((n) => `e-${n}`),
  contact,
  fc.integer({ min: 0, max: 60 }).map((n) => `m-${n}`),
  fc.constantFrom("0", "1"),
);

/** Anything classify or the relay to the phone may ever hear, in any order at all. */
const fact: fc.Arbitrary<Draft> = fc.oneof(
  { weight: 8, arbitrary: words.map((text) => texts(text)) },
  { weight: 2, arbitrary: fc.constant(offered()) },
  { weight: 2, arbitrary: contact.map(opened) },
  { weight: 2, arbitrary: contact.map(ends) },
  { weight: 2, arbitrary: fc.tuple(agent, contact).map(([who, id]) => joins(who, id)) },
  { weight: 1, arbitrary: fc.tuple(agent, contact).map(([who, id]) => leaves(who, id)) },
  { weight: 2, arbitrary: fc.tuple(agent, contact).map(([who, id]) => says("Hi", who, id)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(state, contact)
      .map(([now, contactId]) => queued({ state: now, contactId })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(state, contact).map(([now, contactId]) => moved({ state: now, contactId })),
  },
  { weight: 2, arbitrary: words.map((text) => botAnswers(text, "At nine.")) },
  { weight: 1, arbitrary: words.map(botStumped) },
  { weight: 1, arbitrary: fc.tuple(words, contact).map(([text, id]) => relayRefused(text, id)) },
  { weight: 1, arbitrary: fc.boolean().map((willRetry) => contactRefused({ willRetry })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("opted-out", "blocked").map((reason) => replyRefused({ reason })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("offer-expiry", "yes-unanswered", "idle-close", "contact-retry"),
        token,
      )
      .map(([about, which]) => reminded(about, which)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("bot-reply", "connect-relay")
      .map((stage) => deadLettered(stage, classified("x", "bot", "waiting"))),
  },
);

interface Step {
  readonly event: Event;
  readonly said: readonly Draft[];
  readonly sent: readonly string[];
}

/** Classify, and behind it what sends to the phone; an agent's words take the short way there. */
async function play(facts: readonly Draft[], ports: ReturnType<typeof knowing>): Promise<Step[]> {
  const carrier = {
    fit: (text: string) => [text],
    segments: () => 1,
    send: async () => ({ accepted: true, carrierId: "s-1", segments: 1 }),
  };
  let known = classify.state?.initial;
  let phone = outboundSms.state?.initial;
  const steps: Step[] = [];
  for (const [nth, one] of facts.entries()) {
    // Two equal texts are two texts: the carrier names each.
    const own = { ...(one.data as object), messageId: `m-${nth}` };
    const draft = one.type === "message.received" ? { ...one, data: own } : one;
    const time = new Date(Date.UTC(2026, 0, 1, 12, 0, nth)).toISOString();
    const position = { stream: "test/story/c-1", seq: nth };
    const event = arriving(draft, { id: `e-${nth}`, time, position }) as never;
    const said: readonly Draft[] = await classify.run(event, {
      ...ports,
      state: known,
      once: onceEach,
    } as never);
    const born = said
      .filter(({ notBefore }) => notBefore === undefined)
      .map((one, at) => ({
        ...arriving(one, { time, cause: `e-${nth}` }),
        id: derivedId(nth, "classify", one.type, at),
      }));
    for (const one of [event, ...born])
      known = classify.state?.evolve(known as never, one as never);
    const relayed =
      draft.type === "chat.said" ? [arriving(replies("conversation", "Hi", null, "agent"))] : [];
    const sent: string[] = [];
    for (const one of [...born, ...relayed]) {
      if (!outboundSms.on.some(({ type }) => type === one.type)) continue;
      const around = { ...ports, channel: () => carrier, once: onceEach, state: phone };
      const outcome = await outboundSms.run(one as never, around as never);
      for (const heard of [one, ...outcome])
        phone = outboundSms.state?.evolve(phone as never, heard as never);
      for (const { type, data } of outcome as readonly Draft<string, { kind: string }>[])
        if (type === "reply.sent") sent.push(data.kind);
    }
    steps.push({ event, said, sent });
  }
  return steps;
}

const textOf = ({ event }: Step) =>
  event.type === "message.received" ? (event.data as { text: string }).text : undefined;
const stories = fc.array(fact, { minLength: 1, maxLength: 60 });

describe("whatever happens in whatever order", () => {
  it.each(["self", "aws"])(
    "nothing but commands' answers is sent between STOP and START (%s)",
    async (optOut) => {
      await fc.assert(
        fc.asyncProperty(stories, async (facts) => {
          let stopped = false;
          for (const step of await play(facts, knowing(withNumber({ optOut })))) {
            if (textOf(step) === "STOP") stopped = true;
            if (textOf(step) === "START") stopped = false;
            const allowed = step.sent.every((kind) => ["stop", "start", "help"].includes(kind));
            if (stopped) expect(allowed, `${step.event.type} was answered`).toBe(true);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  it("every text is classified exactly once, and nothing fails", async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (facts) => {
        for (const { event, said } of await play(facts, knowing())) {
          if (event.type !== "message.received") continue;
          const { messageId } = event.data as { messageId: string };
          const own = said.filter(
            ({ type, data }) =>
              type === "message.classified" &&
              (data as { messageId: string }).messageId === messageId,
          );
          expect(own).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("a chat is wanted only after consent, and never while there is one", async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (facts) => {
        let consent = false;
        let open = false;
        for (const { event, said } of await play(facts, knowing())) {
          for (const { type } of said) {
            if (type === "consent.given") consent = true;
            if (type === "consent.withdrawn" || type === "consent.declined") consent = false;
            if (type === "consent.withdrawn") open = false;
            if (type !== "contact.wanted") continue;
            expect(consent).toBe(true);
            expect(open && event.type === "message.received").toBe(false);
            open = true;
          }
          if (["chat.ended", "contact.refused", "relay.refused"].includes(event.type)) open = false;
          if (["reminder.due", "event.dead-lettered"].includes(event.type)) open = false;
        }
      }),
      { numRuns: 300 },
    );
  });
});
