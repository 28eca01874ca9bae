import { ConsentGiven, ConsentWithdrawn, type Draft, MessageClassified } from "@holdline/events";
import { describe, expect, it } from "vitest";
import { classify } from "../../../services/classify.ts";
import {
  about,
  accepted,
  botAnswers,
  classified,
  contactRefused,
  ends,
  joins,
  offered,
  opened,
  queued,
  reminded,
  replies,
  replyRefused,
  says,
  texts,
  waiting,
  withAgent,
} from "../../support/conversation.ts";
import { knowing, withNumber, wording } from "../../support/settings.ts";
import { told } from "../../support/told.ts";

const tell = (...facts: readonly Draft[]) => told(classify, knowing(), ...facts);
const inAwsMode = (...facts: readonly Draft[]) =>
  told(classify, knowing(withNumber({ optOut: "aws" })), ...facts);
const none = { wording: "", wordingVersion: "", words: "STOP", keptBy: "self" } as const;
const stopped = [...waiting, texts("STOP")];

/** What is said and remembered of a STOP in any state, and nothing else. */
const confirmed = (contactId: string | null) => [
  expect.objectContaining({ type: "consent.withdrawn" }),
  classified("STOP", "nobody", "stop", contactId),
  replies("stop", wording("stop"), "m:STOP"),
];

describe("classify, on STOP", () => {
  it("is heard from somebody never asked anything", async () => {
    const { said, state } = await tell(texts("STOP"));
    expect(said).toEqual([ConsentWithdrawn({ ...about, ...none }), ...confirmed(null).slice(1)]);
    expect(state.consent).toBe("stopped");
  });

  it.each([
    { given: "while an offer is open", before: [offered()], contactId: null },
    { given: "after a no", before: [offered(), texts("no")], contactId: null },
    { given: "while a chat is wanted", before: accepted, contactId: null },
    { given: "while waiting in line", before: waiting, contactId: "k-1" },
    { given: "with an agent", before: withAgent, contactId: "k-1" },
    { given: "after the chat ended", before: [...withAgent, ends()], contactId: null },
  ])("is confirmed $given", async ({ before, contactId }) => {
    const { said, state } = await tell(...before, texts("STOP"));
    expect(said).toEqual(confirmed(contactId));
    expect(state).toMatchObject({ consent: "stopped", asked: null, pending: [], turns: [] });
    expect(state.contact.status).toBe("none");
  });

  it("is confirmed once: a second STOP is answered with silence", async () => {
    const { said } = await tell(...stopped, texts("stop!"));
    expect(said).toEqual([classified("stop!", "nobody", "stopped")]);
  });

  it("is followed by silence, whatever is heard", async () => {
    const after: readonly Draft[] = [
      texts("hello?"),
      texts("YES"),
      texts("WAIT"),
      offered(),
      botAnswers("when?", "At nine."),
      queued(),
      joins(),
      says("Hello!"),
      ends(),
      reminded("yes-unanswered", "m:YES"),
      reminded("offer-expiry", "e-0"),
      reminded("idle-close", "k-1"),
      reminded("contact-retry", "0"),
    ];
    const { everything } = await tell(...stopped, ...after);
    const before = (await tell(...stopped)).everything.length;
    const replied = everything.slice(before).filter(({ type }) => type === "reply.drafted");
    expect(replied).toEqual([]);
  });

  it("still answers HELP, from anybody at any time", async () => {
    const help = [classified("help", "nobody", "help"), replies("help", wording("help"), "m:help")];
    expect((await tell(texts("help"))).said).toEqual(help);
    expect((await tell(...stopped, texts("help"))).said).toEqual(help);
    expect((await tell(...withAgent, texts("Help!"))).said[1]).toMatchObject({
      data: { kind: "help" },
    });
  });

  it("is undone by START alone, which opens no chat by itself", async () => {
    const { said, state } = await tell(...stopped, texts("START"));
    expect(said).toEqual([
      ConsentGiven({ ...about, wording: "", wordingVersion: "", words: "START" }),
      classified("START", "nobody", "start"),
      replies("start", wording("start"), "m:START"),
    ]);
    expect(state.consent).toBe("given");
    const next = await tell(...stopped, texts("unstop"), texts("hello"));
    expect(next.said[0]).toEqual(classified("hello", "bot", "waiting"));
    expect(next.said[1]).toMatchObject({
      type: "contact.wanted",
      data: { opening: { text: "hello" } },
    });
  });

  it.each([
    { given: "never asked", before: [], said: ["message.classified", "consent.asked"] },
    { given: "asked", before: [offered()], said: ["consent.given", "contact.wanted"] },
    { given: "declined", before: [offered(), texts("no")], said: ["consent.given"] },
    { given: "in line", before: waiting, said: ["message.classified"] },
    { given: "with an agent", before: withAgent, said: ["message.classified"] },
  ])("leaves START what it is when $given", async ({ before, said }) => {
    const heard = await tell(...before, texts("START"));
    expect(heard.said.map(({ type }) => type).slice(0, said.length)).toEqual(said);
  });

  it("leaves the chat that opens only after it", async () => {
    const { said } = await tell(...accepted, texts("STOP"), opened());
    expect(said).toEqual([
      MessageClassified({
        ...{ ...about, messageId: "opened:k-1", text: "", sentAt: "2026-01-01T12:00:03.000Z" },
        ...{ attachments: [], route: "nobody", reason: "stop", speaker: "customer" },
        contactId: "k-1",
      }),
    ]);
  });

  it("does not bring back what was to open the chat it called off", async () => {
    const opening = { messageId: "m:my secret", text: "my secret" };
    const before = [texts("my secret"), texts("yes"), texts("STOP")];
    const { state } = await tell(...before, contactRefused({ opening }));
    expect(state.contact.opening).toBeNull();
  });
});

describe("classify, where the carrier answers STOP", () => {
  it("records STOP and drafts no answer", async () => {
    const { said, state } = await inAwsMode(...waiting, texts("STOP"));
    expect(said).toEqual([
      ConsentWithdrawn({ ...about, ...none, keptBy: "aws" }),
      classified("STOP", "nobody", "stop", "k-1"),
    ]);
    expect(state.consent).toBe("stopped");
  });

  it("records HELP and START and drafts no answer", async () => {
    const help = await inAwsMode(texts("HELP"));
    expect(help.said).toEqual([classified("HELP", "nobody", "help")]);
    const start = await inAwsMode(texts("STOP"), texts("START"));
    expect(start.said.map(({ type }) => type)).toEqual(["consent.given", "message.classified"]);
  });

  it("learns from a refused reply that the carrier took a text for STOP, and closes the chat", async () => {
    const { said, state } = await inAwsMode(...withAgent, replyRefused({ draftId: "d-9" }));
    expect(said).toEqual([
      ConsentWithdrawn({ ...about, wording: "", wordingVersion: "", words: "", keptBy: "aws" }),
      expect.objectContaining({
        type: "message.classified",
        data: expect.objectContaining({ route: "nobody", reason: "stop", contactId: "k-1" }),
      }),
    ]);
    expect(state.consent).toBe("stopped");
  });

  it("does not take any other refusal for a STOP", async () => {
    const { said } = await inAwsMode(...withAgent, replyRefused({ reason: "blocked" }));
    expect(said).toEqual([]);
  });
});
