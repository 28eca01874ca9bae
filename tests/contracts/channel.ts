import type { Channel, ChannelCases, SendOutcome } from "@holdline/channels";
import { DeadLetter, Retry, Unsure } from "@holdline/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Heard, scriptedHttp } from "./scripted-http.ts";

/** What `open` gets: where the carrier is, and how long one request may take. */
interface Terms {
  readonly endpoint: string;
  readonly requestTimeoutMs: number;
}

const secret = "the-words-of-a-conversation";
const text = {
  from: "+12065550100",
  to: "+14255550182",
  text: `Hi, ${secret}`,
  conversationId: "c_example",
};
const numbers = [text.to, text.from, text.to.slice(1), text.from.slice(1)];

/**
 * What every channel owes the stages, run through its own table of cases. A channel is one of ours
 * when this passes. `open` is given a loopback carrier that plays the table.
 */
export function channelContract(
  open: (terms: Terms) => Channel,
  cases: ChannelCases,
  carried: (request: Heard) => { to: string; from: string; text: string; token: string },
) {
  let carrier: Awaited<ReturnType<typeof scriptedHttp>>;
  let channel: Channel;
  beforeAll(async () => {
    carrier = await scriptedHttp();
    channel = open({ endpoint: carrier.endpoint, requestTimeoutMs: 3_000 });
  });
  afterAll(() => carrier.close());

  /** `send` in the words of the table; an error must be one of ours and give nothing away. */
  async function sending(through: Channel, signal = new AbortController().signal) {
    try {
      return { sent: await through.send(text, "t-1", signal) } satisfies SendOutcome;
    } catch (error) {
      if (error instanceof Retry || error instanceof Unsure)
        for (const word of [secret, ...numbers]) expect(error.message).not.toContain(word);
      if (error instanceof Retry) return { retry: error.code, counts: error.counts };
      if (error instanceof Unsure) return { unsure: error.code };
      throw error;
    }
  }

  it("has a name that may stand in an event", () => {
    expect(channel.name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  describe("reading", () => {
    it.each(cases.texts)("reads a text: $name", ({ raw, inbound }) => {
      expect(channel.read(raw)).toEqual(inbound);
    });

    it.each(cases.receipts)("reads a receipt: $name", ({ raw, receipt }) => {
      expect(channel.readReceipt(raw)).toEqual(receipt);
    });

    it.each(cases.unreadable)("calls unreadable, and quotes nothing of it: $name", ({ raw }) => {
      for (const read of [channel.read, channel.readReceipt]) {
        let thrown: unknown;
        try {
          read(raw);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toBeInstanceOf(DeadLetter);
        expect((thrown as DeadLetter).code).toBe("unreadable");
        const shown = `${(thrown as Error).stack} ${((thrown as Error).cause as Error)?.stack}`;
        for (const word of [...numbers, "I am"]) expect(shown).not.toContain(word);
      }
    });

    it("does not take a receipt for a text, nor a text for a receipt", () => {
      for (const { raw } of cases.receipts)
        expect(() => channel.read(raw)).toThrow("dead-lettered: unreadable");
      for (const { raw } of cases.texts)
        expect(() => channel.readReceipt(raw)).toThrow("dead-lettered: unreadable");
    });
  });

  describe.runIf(cases.requests)("receiving", () => {
    it.each(cases.requests ?? [])("takes or turns away: $name", async (given) => {
      const received = await channel.receive?.(given.request);
      if ("turnedAway" in given) expect(received).toMatchObject({ turnedAway: given.turnedAway });
      else expect(received).toMatchObject({ brought: given.received });
      // Whoever is turned away learns nothing, and what is logged of it says nothing.
      if (received && "turnedAway" in received)
        for (const word of [secret, ...numbers]) expect(received.why).not.toContain(word);
      if (received && "brought" in received)
        for (const { is, raw } of received.brought)
          expect(() =>
            is === "text" ? channel.read(raw) : channel.readReceipt(raw),
          ).not.toThrow();
    });

    it("turns away every request of which one byte is another, and never throws", async () => {
      const whole = cases.requests?.find((given) => "received" in given);
      if (!whole) throw new Error("the table has no request that is taken");
      const { body } = whole.request;
      for (let at = 0; at < body.length; at++) {
        const other = Uint8Array.from(body);
        other[at] = (other[at] ?? 0) ^ 0x01;
        const received = await channel.receive?.({ ...whole.request, body: other });
        expect(received, `byte ${at}`).toHaveProperty("turnedAway");
      }
    });
  });

  describe("sending", () => {
    it.each(cases.answers)("$name", async ({ answer, outcome }) => {
      carrier.answer(answer);
      expect(await sending(channel)).toEqual(outcome);
      // The client's own retries would double texts: whatever the answer, one request.
      expect(carrier.heard).toHaveLength(1);
    });

    it("carries the numbers, the words and the token", async () => {
      carrier.answer(cases.accepting);
      await sending(channel);
      const { to, from, text: words } = text;
      expect(carried(carrier.heard[0] as Heard)).toEqual({ to, from, text: words, token: "t-1" });
    });

    it("is unsure when the connection breaks, and tries no second time", async () => {
      carrier.answer("cut");
      expect(await sending(channel)).toEqual({ unsure: "carrier-silent" });
      expect(carrier.heard).toHaveLength(1);
    });

    it("is unsure when the carrier does not answer in time", async () => {
      carrier.answer("hang");
      const hasty = open({ endpoint: carrier.endpoint, requestTimeoutMs: 150 });
      expect(await sending(hasty)).toEqual({ unsure: "carrier-silent" });
      expect(carrier.heard).toHaveLength(1);
    });

    it("is unsure when it is stopped after the request left", async () => {
      carrier.answer("hang");
      expect(await sending(channel, AbortSignal.timeout(150))).toEqual({
        unsure: "carrier-silent",
      });
    });

    it("surely sent nothing when stopped before, or when nobody listens", async () => {
      carrier.answer(cases.accepting);
      expect(await sending(channel, AbortSignal.abort())).toHaveProperty("retry");
      expect(carrier.heard).toHaveLength(0);
      const nowhere = open({ endpoint: "http://127.0.0.1:2", requestTimeoutMs: 3_000 });
      expect(await sending(nowhere)).toEqual({ retry: "carrier-unreachable", counts: true });
    });
  });

  describe("fitting", () => {
    it("leaves a short text alone and makes nothing of nothing", () => {
      expect(channel.fit("On my way.")).toEqual(["On my way."]);
      expect(channel.fit(" \n ")).toEqual([]);
    });

    it("makes of a long text numbered parts that each can be sent", () => {
      const parts = channel.fit("all the words there are ".repeat(400));
      expect(parts.length).toBeGreaterThan(1);
      parts.forEach((part, index) => {
        expect(part.startsWith(`(${index + 1}/${parts.length}) `)).toBe(true);
        expect(channel.fit(part)).toEqual([part]);
        expect(channel.segments(part)).toBeGreaterThan(0);
      });
    });
  });
}
