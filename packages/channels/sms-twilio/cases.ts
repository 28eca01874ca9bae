import type { Receipt, WebhookRequest } from "../channel.ts";
import type { CarrierAnswer, ChannelCases, SendOutcome } from "../channel-cases.ts";
import { signatureOf } from "./signature.ts";

const customer = "+14255550182";
const business = "+12065550100";
const sid = "SM0123456789abcdef0123456789abcdef";
/** What the contract opens the channel with. */
export const twilioAccount = {
  accountSid: "AC0123456789abcdef0123456789abcdef",
  authToken: () => "an auth token of nobody's",
  webhookUrl: "https://texts.example.com/webhooks/sms-twilio",
} as const;

const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();
const message = {
  ...{ ToCountry: "US", SmsMessageSid: sid, NumMedia: "0", SmsSid: sid, SmsStatus: "received" },
  ...{ Body: "I need help with my order", To: business, NumSegments: "1", MessageSid: sid },
  ...{ AccountSid: twilioAccount.accountSid, From: customer, ApiVersion: "2010-04-01" },
};
const inbound = {
  ...{ messageId: sid, business, customer, text: message.Body, attachments: [] },
};
const status = {
  ...{ SmsSid: sid, SmsStatus: "delivered", MessageStatus: "delivered", MessageSid: sid },
  ...{ To: customer, From: business, AccountSid: twilioAccount.accountSid },
  ...{ ApiVersion: "2010-04-01", RawDlrDoneDate: "2611221916" },
};
const receipt: Receipt = {
  ...{ business, customer, carrierId: sid, token: "t-0005", status: "delivered" },
  ...{ outcome: "delivered", final: true, at: null },
};
const became = (
  MessageStatus: string,
  outcome: "under-way" | "delivered" | "undelivered",
  final: boolean,
) => ({
  name: MessageStatus,
  raw: `token=t-0005&${form({ ...status, SmsStatus: MessageStatus, MessageStatus })}`,
  receipt: { ...receipt, status: MessageStatus, outcome, final },
});

const accepts: CarrierAnswer = {
  status: 201,
  body: JSON.stringify({ sid, status: "queued", num_segments: "1", error_code: null }),
};
const refuses = (code: number, httpStatus = 400): CarrierAnswer => ({
  status: httpStatus,
  body: JSON.stringify({ code, message: `about ${customer}`, status: httpStatus }),
});
const refused = (reason: "opted-out" | "bad-number" | "blocked" | "too-long" | "misconfigured") =>
  ({ sent: { accepted: false, reason } }) satisfies SendOutcome;
const throttled = { retry: "carrier-throttled", counts: false } as const;

/** A request as Twilio makes it; what is given here is not as it should be. */
function request(
  body: string,
  wrong: { url?: string; headers?: object; method?: string; sentAs?: string } = {},
): WebhookRequest {
  const url = wrong.url ?? twilioAccount.webhookUrl;
  const signature = signatureOf(twilioAccount.authToken(), url, new URLSearchParams(body));
  return {
    method: wrong.method ?? "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": signature,
      ...wrong.headers,
    },
    body: Buffer.from(wrong.sentAs ?? body),
  };
}
const text = form(message);
const told = `${twilioAccount.webhookUrl}?token=t-0005`;

/** What Twilio says to us and answers, and what we make of it. */
export const twilioCases: ChannelCases = {
  texts: [
    { name: "a text", raw: text, inbound },
    {
      name: "an emoji, a lone half of one, control characters",
      raw: `${form({ ...message, Body: "ok \u{1f600} \u0007\u0000 \ttab\r\nnew" })}`,
      inbound: { ...inbound, text: "ok \u{1f600}  \ttab\nnew" },
    },
    {
      name: "a short code, and no words",
      raw: form({ ...message, To: "20655", Body: "" }),
      inbound: { ...inbound, business: "20655", text: "" },
    },
    {
      name: "a picture",
      raw: form({
        ...message,
        NumMedia: "1",
        MediaContentType0: "image/jpeg",
        MediaUrl0: "https://api.twilio.com/media/ME1",
      }),
      inbound: {
        ...inbound,
        attachments: [
          {
            name: "attachment-1",
            contentType: "image/jpeg",
            url: "https://api.twilio.com/media/ME1",
          },
        ],
      },
    },
  ],
  receipts: [
    became("queued", "under-way", false),
    became("sent", "under-way", false),
    became("delivered", "delivered", true),
    became("read", "delivered", true),
    became("undelivered", "undelivered", true),
    became("failed", "undelivered", true),
    became("invented-later", "under-way", false),
    {
      name: "of a text without our token",
      raw: form(status),
      receipt: { ...receipt, token: null },
    },
  ],
  unreadable: [
    { name: "nothing", raw: "" },
    { name: "words with a number", raw: `I am ${customer}` },
    { name: "JSON", raw: JSON.stringify({ hello: customer }) },
    { name: "a text without an id", raw: form({ ...message, MessageSid: "" }) },
    { name: "a text from no number", raw: form({ ...message, From: "whatsapp:+14255550182" }) },
  ],
  answers: [
    {
      name: "accepted",
      answer: accepts,
      outcome: { sent: { accepted: true, carrierId: sid, segments: 1 } },
    },
    { name: "opted out", answer: refuses(21_610), outcome: refused("opted-out") },
    { name: "bad number", answer: refuses(21_211), outcome: refused("bad-number") },
    { name: "a landline", answer: refuses(21_635), outcome: refused("bad-number") },
    { name: "country not enabled", answer: refuses(21_408), outcome: refused("blocked") },
    { name: "too long", answer: refuses(21_617), outcome: refused("too-long") },
    { name: "not our number", answer: refuses(21_606), outcome: refused("misconfigured") },
    { name: "a code invented later", answer: refuses(29_999), outcome: refused("misconfigured") },
    { name: "the number's queue is full", answer: refuses(21_611), outcome: throttled },
    { name: "too many requests", answer: refuses(20_429, 429), outcome: throttled },
    { name: "429 of a proxy", answer: { status: 429, body: "slow down" }, outcome: throttled },
    {
      name: "a token that is not ours",
      answer: refuses(20_003, 401),
      outcome: { retry: "carrier-credentials", counts: true },
    },
    {
      name: "500",
      answer: { status: 500, body: "<html>" },
      outcome: { unsure: "carrier-failed" },
    },
    {
      name: "201 without an id",
      answer: { status: 201, body: "{}" },
      outcome: { unsure: "carrier-answer" },
    },
    {
      name: "somewhere else",
      answer: { status: 302, headers: { location: "https://example.com" }, body: "" },
      outcome: { unsure: "carrier-silent" },
    },
  ],
  accepting: accepts,
  requests: [
    { name: "a text", request: request(text), received: [{ is: "text", raw: text }] },
    {
      name: "a receipt of a text, by its token",
      request: request(form(status), { url: told }),
      received: [{ is: "receipt", raw: `token=t-0005&${form(status)}` }],
    },
    {
      name: "signed with the standard port",
      request: {
        ...request(text, { url: twilioAccount.webhookUrl.replace(".com/", ".com:443/") }),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": signatureOf(
            twilioAccount.authToken(),
            twilioAccount.webhookUrl.replace(".com/", ".com:443/"),
            new URLSearchParams(text),
          ),
        },
      },
      received: [{ is: "text", raw: text }],
    },
    {
      name: "one more field",
      request: request(text, { sentAs: `${text}&Body2=x` }),
      turnedAway: 403,
    },
    {
      name: "other words",
      request: request(text, { sentAs: text.replace("help", "money") }),
      turnedAway: 403,
    },
    {
      name: "another token in the query",
      request: { ...request(form(status), { url: told }), url: `${told}6` },
      turnedAway: 403,
    },
    {
      name: "a signature of somebody else",
      request: request(text, { headers: { "x-twilio-signature": "GvWf1cFY/Q7PnoempGyD5oXAezc=" } }),
      turnedAway: 403,
    },
    {
      name: "no signature",
      request: request(text, { headers: { "x-twilio-signature": undefined } }),
      turnedAway: 401,
    },
    {
      name: "JSON",
      request: request(text, { headers: { "content-type": "application/json" } }),
      turnedAway: 415,
    },
    { name: "GET", request: request("", { method: "GET" }), turnedAway: 405 },
  ],
};
