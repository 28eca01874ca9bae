import { twilioAccount, twilioCases } from "@holdline/channels";
import { describe, expect, it } from "vitest";
import { signatureOf } from "../../../packages/channels/sms-twilio/signature.ts";
import { desk } from "../ops/desk.ts";

const path = "/webhooks/sms-twilio";
const sid = (nth: number) => `SM${String(nth).padStart(32, "0")}`;
const form = (nth: number, more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    ...{ MessageSid: sid(nth), From: "+14255550182", To: "+12065550100" },
    ...{ Body: `text ${nth}`, NumMedia: "0", SmsStatus: "received", ...more },
  }).toString();

/** Posts as Twilio does. */
function twilio(url: string) {
  return async (body: string, { to = path, headers = {} } = {}) => {
    const signed = new URL(to, twilioAccount.webhookUrl).href;
    const answer = await fetch(`${url}${to}`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signatureOf(
          twilioAccount.authToken(),
          signed,
          new URLSearchParams(body),
        ),
        ...headers,
      },
      body,
    });
    const type = answer.headers.get("content-type");
    return { status: answer.status, type, text: await answer.text() };
  };
}

describe("the door of carriers that call us", () => {
  it("lets a text in before it answers, and answers nothing that would go to the customer", async () => {
    const { url, log } = await desk();
    const answer = await twilio(url)(form(1));
    expect(answer).toEqual({ status: 200, type: "text/xml", text: "<Response/>" });
    expect(log.read(1, 10).map(({ event }) => event)).toMatchObject([
      {
        type: "inbound.arrived",
        data: { channel: "sms-twilio", raw: form(1), carrierId: sid(1) },
      },
    ]);
  });

  it("lets what became of a text in, in the same conversation and with its token", async () => {
    const { url, log } = await desk();
    const post = twilio(url);
    await post(form(1));
    const parties = { From: "+12065550100", To: "+14255550182" };
    await post(form(2, { ...parties, MessageStatus: "delivered" }), { to: `${path}?token=t-7` });
    const [text, receipt] = log.read(1, 10).map(({ event }) => event);
    expect(receipt?.type).toBe("receipt.arrived");
    expect(receipt?.key).toBe(text?.key);
    expect(receipt?.data).toMatchObject({ raw: expect.stringMatching(/^token=t-7&/) });
  });

  it("lets a text in once, however often it is posted, even long after", async () => {
    const { url, log } = await desk();
    const post = twilio(url);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(form(1))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await post(form(1));
    expect(log.read(1, 10)).toHaveLength(1);
  });

  it("keeps a customer's texts in the order they came", async () => {
    const { url, log } = await desk();
    const post = twilio(url);
    const sent = Array.from({ length: 20 }, (_, nth) => nth + 1);
    const answers: Promise<unknown>[] = [];
    for (const nth of sent) {
      answers.push(post(form(nth)));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await Promise.all(answers);
    const heard = log
      .read(1, 100)
      .map(({ event }) => (event.data as { carrierId: string }).carrierId);
    expect(heard).toEqual(sent.map(sid));
  });

  it("asks to come again when nothing can be kept, and has it then", async () => {
    const { url, log, away, lines } = await desk();
    away.is = true;
    expect((await twilio(url)(form(1))).status).toBe(503);
    expect(log.read(1, 10)).toEqual([]);
    away.is = false;
    expect((await twilio(url)(form(1))).status).toBe(200);
    expect(log.read(1, 10)).toHaveLength(1);
    for (const word of ["4255550182", "text 1"]) expect(lines.join()).not.toContain(word);
  });

  it("turns away what is not Twilio's, says why, and neither lets in nor logs what it said", async () => {
    const { url, log, lines } = await desk();
    const post = twilio(url);
    const forged = { "x-twilio-signature": "GvWf1cFY/Q7PnoempGyD5oXAezc=" };
    const answers = [
      await post(form(1), { headers: forged }),
      await post(form(1), { headers: { "x-twilio-signature": "" } }),
      await post(form(1), { headers: { "content-type": "text/plain" } }),
      await post(form(1, { Body: "x".repeat(70_000) })),
      await post(form(1), { to: "/webhooks/sms-nobody" }),
      await post(form(1), { to: "/webhooks/__proto__" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 415, 413, 404, 404]);
    for (const { text } of answers) expect(JSON.parse(text).error).toEqual(expect.any(String));
    expect(log.read(1, 10)).toEqual([]);
    for (const word of ["4255550182", "text 1"]) expect(lines.join()).not.toContain(word);
  });

  it("puts aside what is Twilio's and cannot be read", async () => {
    const { url, log } = await desk();
    expect((await twilio(url)("a=b")).status).toBe(200);
    const [arrived] = log.read(1, 10).map(({ event }) => event);
    expect(arrived).toMatchObject({ type: "inbound.arrived", data: { raw: "a=b" } });
    expect(arrived?.key).toMatch(/^u_/);
  });

  it("takes every request of the channel's own table, and no other", async () => {
    const { url } = await desk();
    for (const given of twilioCases.requests ?? []) {
      const { request } = given;
      const { pathname, search } = new URL(request.url);
      if (request.method !== "POST" || request.url.includes(":443")) continue;
      const headers = Object.entries(request.headers).filter(([, value]) => value !== undefined);
      const answer = await fetch(`${url}${pathname}${search}`, {
        method: "POST",
        headers: headers as [string, string][],
        body: Buffer.from(request.body),
      });
      expect(answer.status, given.name).toBe("turnedAway" in given ? given.turnedAway : 200);
    }
  });
});
