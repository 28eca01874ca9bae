import { describe, expect, it } from "vitest";
import { business, type Town, town } from "./town.ts";

const number = "+14255550182";

interface Call {
  readonly contactId: string;
  readonly state: "queued" | "ended";
  readonly steps: readonly { readonly action: string; readonly text?: string }[];
}

const calling = async (the: Town, from = number) => {
  const { contactId } = (await the.call(from)) as unknown as Call;
  const look = () => the.ask<Call>("GET", `/_sim/calls/${contactId}`);
  return {
    look,
    over: () =>
      the.until("the end of the call", async () => {
        const call = await look();
        return call.state === "ended" ? call : undefined;
      }),
    /** How often the flow has asked what became of the text. */
    asked: async (times: number) =>
      the.until(`${times} questions`, async () => {
        const call = await look();
        const invoked = call.steps.filter(({ text }) => text === "offer-status");
        return invoked.length >= times ? call : undefined;
      }),
  };
};
const heard = ({ steps }: Call) =>
  steps.filter(({ action }) => action === "heard").map(({ text = "" }) => text);

describe("a caller who chose text", () => {
  it("keeps their place on the phone until the text is there, and then hears goodbye", async () => {
    const the = await town();
    const call = await calling(the);
    const { steps, state } = await call.look();
    expect(state).toBe("queued");
    expect(steps.some(({ action }) => action === "queued")).toBe(true);
    await the.phone(number).receives(/Reply YES/);
    const over = await call.over();
    expect(heard(over).at(-1)).toMatch(/Our text message is on your phone.*Goodbye/);
    expect(over.steps.at(-1)?.action).toBe("disconnected");
  });

  it("stays on the line with a landline, which no text reaches", async () => {
    const the = await town();
    await the.phone(number).is("landline");
    const call = await calling(the);
    const still = await call.asked(3);
    expect(still.state).toBe("queued");
    expect(heard(still).at(-1)).toContain("we keep your place here");
  });

  it("hears goodbye when they have answered YES, though no receipt says that it arrived", async () => {
    const the = await town();
    await the.phone(number).is("landline");
    const call = await calling(the);
    await the.happens("reply.sent", { kind: "offer" });
    expect((await call.asked(2)).state).toBe("queued");
    await the.phone(number).texts("yes");
    expect(heard(await call.over()).at(-1)).toBe("Thank you. We go on by text message. Goodbye.");
  });

  it("is not sent away for an answer to an earlier call", async () => {
    const the = await town();
    const phone = the.phone(number);
    await (await calling(the)).over();
    await phone.receives(/Reply YES/);
    await phone.texts("yes");
    await phone.receives(/number 1 in line/);
    // They wait by text already, so the second call makes no offer that could be answered.
    const second = await calling(the);
    await phone.receives(/already have a place/);
    expect((await second.asked(3)).state).toBe("queued");
  });

  it("stays in the queue when nobody answers the flow, and when they declined", async () => {
    const the = await town();
    await the.phone(number).is("landline");
    const call = await calling(the);
    await the.happens("reply.sent", { kind: "offer" });
    await the.phone(number).texts("no");
    await the.happens("consent.declined");
    expect((await call.asked(2)).state).toBe("queued");
    await the.ask("PUT", "/_sim/functions/offer-status", { url: "http://127.0.0.1:2/" });
    const before = (await call.look()).steps.length;
    const after = await the.until("the flow to go on", async () => {
      const now = await call.look();
      return now.steps.length > before + 2 ? now : undefined;
    });
    expect(after.state).toBe("queued");
    expect(after.steps.some(({ action }) => action === "invocation-failed")).toBe(true);
  });

  it("is texted from the number they called where it can text, else from our first", async () => {
    const numbers = [{ address: business }, { address: "+12065550101" }];
    const the = await town({ numbers });
    await the.call("+14255550190", "+18005550100");
    await the.happens("offer.made", { customer: "+14255550190", business });
    await the.call("+14255550191", "+12065550101");
    await the.happens("offer.made", { customer: "+14255550191", business: "+12065550101" });
  });
});
