import type { Answer, Bot } from "@holdline/bots";
import { DeadLetter, Retry } from "@holdline/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Heard, type Script, scriptedHttp } from "./scripted-http.ts";

/** What a bot understood and says, before it is put in its own words. */
export interface Understood {
  readonly intent: string;
  readonly score?: number;
  readonly slots?: Readonly<Record<string, string | null>>;
  readonly says?: readonly { readonly format: string; readonly content: string }[];
  readonly card?: {
    readonly title: string;
    readonly subtitle?: string;
    readonly buttons?: readonly { readonly text: string; readonly value: string }[];
  };
}

/** How one kind of bot speaks on the wire, so that its contract test can play it. */
export interface BotWire {
  readonly speaks: (understood: Understood) => Script;
  /** It understood nothing. */
  readonly stumped: Script;
  /** Failures by what they mean; each maps to what `ask` owes. */
  readonly fails: readonly {
    readonly name: string;
    readonly answer: Script;
    readonly owes:
      | "bot-failed"
      | { readonly retry: string; readonly counts: boolean }
      | { readonly deadLetter: string };
  }[];
  readonly asked: (request: Heard) => { sessionId: string; text: string };
}

interface Terms {
  readonly endpoint: string;
  readonly requestTimeoutMs: number;
  readonly minScore?: number;
}

/** What every bot owes bot-reply. `open` is given a loopback service that plays the bot's own wire. */
export function botContract(open: (terms: Terms) => Bot, wire: BotWire) {
  let service: Awaited<ReturnType<typeof scriptedHttp>>;
  let bot: Bot;
  beforeAll(async () => {
    service = await scriptedHttp();
    bot = open({ endpoint: service.endpoint, requestTimeoutMs: 3_000 });
  });
  afterAll(() => service.close());

  const question = { sessionId: "c_example", text: "where is my order", language: "en-US" };

  type Asked =
    | Answer
    | { retry: string; counts: boolean; afterMs?: number | undefined }
    | { deadLetter: string };

  async function ask(more = {}, of = bot, signal = new AbortController().signal): Promise<Asked> {
    try {
      return await of.ask({ ...question, ...more }, signal);
    } catch (error) {
      if (error instanceof Retry)
        return {
          retry: error.code,
          counts: error.counts,
          ...(error.afterMs === undefined ? {} : { afterMs: error.afterMs }),
        };
      if (error instanceof DeadLetter) return { deadLetter: error.code };
      throw error;
    }
  }
  const says = (...content: string[]) =>
    content.map((one) => ({ format: "PlainText", content: one }));

  describe("answering", () => {
    it("gives the intent, how sure it is, and the words", async () => {
      service.answer(
        wire.speaks({ intent: "OrderStatus", score: 0.93, says: says("What is your number?") }),
      );
      expect(await ask()).toEqual({
        answered: true,
        intent: "OrderStatus",
        score: 0.93,
        text: "What is your number?",
      });
      expect(wire.asked(service.heard[0] as Heard)).toEqual({
        sessionId: "c_example",
        text: "where is my order",
      });
    });

    it("does without a score", async () => {
      service.answer(wire.speaks({ intent: "OrderStatus", says: says("Sure.") }));
      expect(await ask()).toMatchObject({ answered: true, score: null });
    });

    it("puts cards into words, and says what to reply", async () => {
      service.answer(
        wire.speaks({
          intent: "Choose",
          score: 0.9,
          card: {
            title: "Which one?",
            subtitle: "Reply with one",
            buttons: [
              { text: "First", value: "First" },
              { text: "The other", value: "2" },
            ],
          },
        }),
      );
      expect(await ask()).toMatchObject({
        text: "Which one?\nReply with one\n- First\n- The other (reply 2)",
      });
    });

    it("reads SSML as the words in it", async () => {
      const content =
        '<speak>Tom &amp; Ann<break time="1s"/>call <emphasis>soon</emphasis>.</speak>';
      service.answer(
        wire.speaks({ intent: "Call", score: 0.9, says: [{ format: "SSML", content }] }),
      );
      expect(await ask()).toMatchObject({ text: "Tom & Ann call soon." });
    });

    it("keeps what is meant for a program from a phone", async () => {
      const says = [{ format: "CustomPayload", content: '{"template":7}' }];
      service.answer(wire.speaks({ intent: "Template", score: 0.9, says }));
      expect(await ask()).toEqual({ answered: false, reason: "no-message" });
    });
  });

  describe("not answering", () => {
    it("says when it has not understood", async () => {
      service.answer(wire.stumped);
      expect(await ask()).toEqual({ answered: false, reason: "fallback" });
    });

    it("takes the fallback intent for no answer, whatever it says", async () => {
      service.answer(wire.speaks({ intent: "FallbackIntent", says: says("Sorry?") }));
      expect(await ask()).toEqual({ answered: false, reason: "fallback" });
    });

    it("says when there was nothing to say", async () => {
      service.answer(wire.speaks({ intent: "Silent", score: 0.9 }));
      expect(await ask()).toEqual({ answered: false, reason: "no-message" });
    });

    it("does not ask about an empty text", async () => {
      service.answer(wire.stumped);
      expect(await ask({ text: " \n" })).toEqual({ answered: false, reason: "fallback" });
      expect(service.heard).toHaveLength(0);
    });

    it("rather says nothing than be unsure, except in the middle of a dialogue", async () => {
      const sure = open({ endpoint: service.endpoint, requestTimeoutMs: 3_000, minScore: 0.5 });
      const unsure = { intent: "OrderStatus", score: 0.4, says: says("Shipped.") };
      service.answer(wire.speaks(unsure));
      expect(await ask({}, sure)).toEqual({ answered: false, reason: "fallback" });
      expect(await ask()).toMatchObject({ answered: true, score: 0.4 });
      service.answer(wire.speaks({ ...unsure, slots: { orderId: "4711" } }));
      expect(await ask({}, sure)).toMatchObject({ answered: true, text: "Shipped." });
    });
  });

  describe("limits", () => {
    it.each([
      ["a thousand words", "word ".repeat(1_000), /^word( word)*$/],
      ["one endless word", "\u{1f600}".repeat(3_000), /^(?:\u{1f600}){1024}$/u],
    ])("fits a text of %s", async (_, text, fitted) => {
      service.answer(wire.stumped);
      await ask({ text });
      const asked = wire.asked(service.heard[0] as Heard).text;
      expect([...asked].length).toBeLessThanOrEqual(1_024);
      expect([...asked].length).toBeGreaterThan(1_000);
      expect(asked).toMatch(fitted);
    });

    it.each(["+14255550182", "x", "a b", "é".repeat(50), "a".repeat(200)])(
      "names a session legally, the same each time and not as another: %s",
      async (sessionId) => {
        const named = async (id: string) => {
          service.answer(wire.stumped);
          await ask({ sessionId: id });
          return wire.asked(service.heard[0] as Heard).sessionId;
        };
        const name = await named(sessionId);
        expect(name).toMatch(/^[0-9a-zA-Z._:-]{2,100}$/);
        expect(await named(sessionId)).toBe(name);
        expect(await named(`${sessionId}1`)).not.toBe(name);
      },
    );
  });

  describe("failing", () => {
    it.each(wire.fails)("$name", async ({ answer, owes }) => {
      service.answer(answer);
      const outcome = await ask();
      if (owes === "bot-failed") expect(outcome).toEqual({ answered: false, reason: "bot-failed" });
      else expect(outcome).toMatchObject(owes);
      expect(service.heard).toHaveLength(1);
    });

    it("comes back soon when the session is busy", async () => {
      const conflict = wire.fails.find(
        ({ owes }) => typeof owes === "object" && "retry" in owes && owes.retry === "bot-conflict",
      );
      service.answer(conflict?.answer ?? { status: 409, body: "" });
      expect(await ask()).toMatchObject({ retry: "bot-conflict", counts: true, afterMs: 250 });
    });

    it("may be asked again after silence, a broken connection, or when nobody listens", async () => {
      const silent = { retry: "bot-silent", counts: true };
      service.answer("cut");
      expect(await ask()).toEqual(silent);
      service.answer("hang");
      expect(await ask({}, open({ endpoint: service.endpoint, requestTimeoutMs: 150 }))).toEqual(
        silent,
      );
      expect(await ask({}, bot, AbortSignal.timeout(100))).toEqual(silent);
      const nowhere = open({ endpoint: "http://127.0.0.1:1", requestTimeoutMs: 3_000 });
      expect(await ask({}, nowhere)).toEqual(silent);
    });
  });
}
