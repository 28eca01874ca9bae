import { describe, expect, it } from "vitest";
import { business, town } from "./town.ts";

const number = "+14255550182";
const fails = (error: string, times = 1) => ({
  fail: { operation: "SendTextMessage", error, times },
});

describe("a carrier that says no", () => {
  it.each([
    { error: "DESTINATION_PHONE_NUMBER_OPTED_OUT", reason: "opted-out" },
    { error: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", reason: "spend-limit" },
    { error: "ValidationException", reason: "misconfigured" },
    { error: "AccessDeniedException", reason: "misconfigured" },
  ])("refuses a reply for good, and that is an event: $error", async ({ error, reason }) => {
    const the = await town();
    await the.faults(fails(error));
    await the.call(number);
    await the.happens("reply.refused", { reason, kind: "offer" });
    expect(await the.phone(number).inbox()).toEqual([]);
  });

  it("stops everything but HELP once it says that the customer opted out", async () => {
    const the = await town();
    const phone = the.phone(number);
    await the.faults(fails("DESTINATION_PHONE_NUMBER_OPTED_OUT"));
    await the.call(number);
    await the.happens("consent.withdrawn", { keptBy: "aws" });
    await the.noFaults();
    await phone.texts("hello?");
    await the.happens("message.classified", { text: "hello?", reason: "stopped" });
    await phone.texts("HELP");
    await phone.receives(/Acme support/);
    await phone.texts("START");
    await phone.receives(/opted back in/);
  });

  it("is asked again when it is too busy, until the text is out, once", async () => {
    const the = await town();
    await the.faults(fails("ThrottlingException", 4));
    await the.call(number);
    await the.phone(number).receives(/You asked to go on by text/);
    await the.happens("reply.sent", { kind: "offer" });
    expect(await the.phone(number).inbox()).toHaveLength(1);
  });

  it("says that a text will never arrive on a landline", async () => {
    const the = await town();
    await the.phone(number).is("landline");
    await the.call(number);
    await the.happens("reply.undelivered", { status: "TEXT_INVALID", final: true });
  });
});

describe("a carrier nobody understood", () => {
  it("is not asked twice for a text that its delivery event proves was sent", async () => {
    const the = await town();
    await the.faults(fails("reset-after"));
    await the.call(number);
    const { data } = await the.happens("reply.sent", { kind: "offer" });
    const [part] = (data as { parts: { carrierId: string }[] }).parts;
    await the.happens("reply.delivered", { carrierId: part?.carrierId, final: true });
    expect(await the.phone(number).inbox()).toHaveLength(1);
  });

  it("is asked once more for a text that nothing proves was sent", async () => {
    const the = await town();
    await the.faults(fails("reset-before"));
    await the.call(number);
    await the.happens("reply.sent", { kind: "offer" });
    expect(await the.phone(number).inbox()).toHaveLength(1);
  });

  it("is not asked again where the settings leave that to a person", async () => {
    const the = await town({ limits: { ifUnsure: "dead-letter" } });
    await the.faults(fails("reset-before"));
    await the.call(number);
    await the.happens("event.dead-lettered", { stage: "outbound-sms", code: "unsure" });
    expect(await the.phone(number).inbox()).toEqual([]);
    const [letter] = await the.ask<{ id: string }[]>("GET", `${the.opsUrl}/dlq`);
    await the.ask("POST", `${the.opsUrl}/dlq/${letter?.id}/redrive`);
    await the.phone(number).receives(/You asked to go on by text/);
  });
});

describe("a number whose STOP the carrier answers", () => {
  it("records STOP and leaves the answers to the carrier", async () => {
    const numbers = [{ address: business, flow: "sms-chat", optOut: "aws" }];
    const the = await town(
      { numbers },
      { numbers: [{ address: business, optOut: "aws", partsPerSecond: 10 }] },
    );
    const phone = the.phone(number);
    await phone.texts("STOP");
    await phone.receives(/^You are unsubscribed/);
    await the.happens("consent.withdrawn", { keptBy: "aws" });
    await phone.texts("START");
    await phone.receives(/^You are subscribed again/);
    await the.happens("consent.given", { words: "START" });
    await phone.texts("are you open?");
    await phone.receives(/^We open at nine/);
    expect(await phone.inbox()).toHaveLength(3);
  });

  it("learns what the carrier made of a text that only began with a keyword", async () => {
    const numbers = [{ address: business, flow: "sms-chat", optOut: "aws" }];
    const the = await town(
      { numbers },
      { numbers: [{ address: business, optOut: "aws", partsPerSecond: 10 }] },
    );
    const phone = the.phone(number);
    await phone.texts("hello");
    await phone.receives(/Reply YES to start/);
    await phone.texts("yes");
    await phone.receivesBoth(/number 1 in line/, /I don't know/);
    await phone.texts("Stop by when you open?");
    await phone.receives(/^You are unsubscribed/);
    await the.happens("message.classified", { text: "Stop by when you open?", route: "bot" });
    await the.happens("reply.refused", { reason: "opted-out" });
    await the.happens("consent.withdrawn", { keptBy: "aws" });
    await the.until("the chat to close", async () =>
      (await the.contacts()).every(({ state }) => state === "ended") ? true : undefined,
    );
  });
});
