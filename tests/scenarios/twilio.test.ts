import { describe, expect, it, onTestFinished } from "vitest";
import { signatureOf } from "../../packages/channels/sms-twilio/signature.ts";
import { scriptedHttp } from "../contracts/scripted-http.ts";
import { town } from "./town.ts";

const customer = "+14255550182";
const ours = "+12065550101";
const publicUrl = "https://texts.example.com";
const token = "an auth token of nobody's";

/** A town with a number at Twilio, and Twilio: what it was asked to send, and how it calls. */
async function townAtTwilio() {
  process.env.HOLDLINE_TWILIO_AUTH_TOKEN = token;
  onTestFinished(() => void delete process.env.HOLDLINE_TWILIO_AUTH_TOKEN);
  const carrier = await scriptedHttp();
  onTestFinished(() => carrier.close());
  const sid = (nth: number) => `SM${String(nth).padStart(32, "0")}`;
  carrier.answer({ status: 201, body: JSON.stringify({ sid: sid(900), status: "queued" }) });
  const accountSid = "AC0123456789abcdef0123456789abcdef";
  const the = await town({
    numbers: [{ address: ours, channel: "sms-twilio", partsPerSecond: 100 }],
    twilio: { accountSid, endpoint: carrier.endpoint },
    publicUrl,
  });
  const call = async (path: string, fields: Readonly<Record<string, string>>) => {
    const form = new URLSearchParams(fields);
    const answer = await fetch(`${the.opsUrl}${path}`, {
      method: "POST",
      headers: { "x-twilio-signature": signatureOf(token, `${publicUrl}${path}`, form) },
      body: form,
    });
    expect(answer.status).toBe(200);
  };
  let texts = 0;
  return {
    the,
    sent: () => carrier.heard.map(({ body }) => new URLSearchParams(body)),
    says: (Body: string) => {
      const MessageSid = sid(++texts);
      const fields = { MessageSid, From: customer, To: ours, Body, NumMedia: "0" };
      return call("/webhooks/sms-twilio", fields);
    },
    tells: (StatusCallback: string, MessageStatus: string) => {
      const { pathname, search } = new URL(StatusCallback);
      const fields = { MessageSid: sid(900), From: ours, To: customer, MessageStatus };
      return call(`${pathname}${search}`, fields);
    },
  };
}

describe("a customer of another carrier", () => {
  it("is greeted, answered and told of by the same stages, through a folder of its own", async () => {
    const { the, sent, says, tells } = await townAtTwilio();
    const receives = (words: RegExp) =>
      the.until(`${words}`, async () => sent().find((form) => words.test(form.get("Body") ?? "")));
    await says("hello");
    const greeting = await receives(/Reply YES to start/);
    expect(greeting.get("To")).toBe(customer);
    expect(greeting.get("From")).toBe(ours);
    await tells(greeting.get("StatusCallback") ?? "", "delivered");
    await the.happens("reply.delivered", { channel: "sms-twilio", arrived: true, final: true });

    await says("YES");
    await receives(/You are number 1 in line/);
    await says("when are you open?");
    await receives(/We open at nine\./);
    const maria = the.agent("Maria");
    await maria.is("available");
    await receives(/Maria has joined/);
    await maria.says("Hi, how can I help?");
    await receives(/^Hi, how can I help\?$/);

    const events = await the.events();
    expect(events.filter(({ type }) => type === "event.dead-lettered")).toEqual([]);
    const said = sent().map((form) => form.get("Body"));
    expect(new Set(said).size).toBe(said.length);
    const log = the.lines.join("\n");
    for (const secret of [customer.slice(1), ours.slice(1), token, "when are you open"])
      expect(log.includes(secret), secret).toBe(false);
  });

  it("is not sent a text twice that Twilio took and never answered for: its receipt has the token", async () => {
    const { the, sent, says, tells } = await townAtTwilio();
    await says("hello");
    const [greeting] = await the.until("a text", async () =>
      sent().length > 0 ? sent() : undefined,
    );
    expect(greeting?.get("StatusCallback")).toMatch(/token=outbound-sms/);
    await tells(greeting?.get("StatusCallback") ?? "", "sent");
    await the.happens("reply.delivered", {
      token: new URL(greeting?.get("StatusCallback") ?? "").searchParams.get("token"),
    });
  });
});
