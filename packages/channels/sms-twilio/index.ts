import { Retry } from "@holdline/runtime";
import * as z from "zod";
import type { Channel, Received, Sent, Text, WebhookRequest } from "../channel.ts";
import { type Reading, readingOfBreak, settle, throttled } from "../verdict.ts";
import { isReceipt } from "./read.ts";
import { smsTwilioReading } from "./reading.ts";
import { isSigned } from "./signature.ts";
import { Accepted, errorCodes, Refused } from "./wire.ts";

const Options = z.object({
  accountSid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/i, "the SID of a Twilio account: AC and 32 digits"),
  /** Asked for when a request is to be checked or sent: whoever only reads need not have it. */
  authToken: z.custom<() => string>((given) => typeof given === "function", "a function"),
  /** Where Twilio reaches our webhook; without it nobody tells what becomes of our texts. */
  webhookUrl: z.url().optional(),
  endpoint: z.url().default("https://api.twilio.com"),
  requestTimeoutMs: z.int().min(100).max(60_000).default(5_000),
  maxSegments: z.int().min(1).max(24).default(10),
});

/** What `smsTwilio` is told: whose account, where it calls us, and our limits. */
export type SmsTwilioOptions = z.input<typeof Options>;

/** TwiML that says nothing: an answer of plain text would go to the customer. */
const silence = { type: "text/xml", body: "<Response/>" } as const;

const form = "application/x-www-form-urlencoded";

/** SMS through Twilio: texts and receipts come by a signed webhook, texts go out by its Message resource. */
export function smsTwilio(options: SmsTwilioOptions): Channel {
  const parsed = Options.safeParse(options);
  if (!parsed.success) throw new Error(`sms-twilio: ${z.prettifyError(parsed.error)}`);
  const { accountSid, authToken, webhookUrl, endpoint, requestTimeoutMs, maxSegments } =
    parsed.data;
  const reading = smsTwilioReading({ maxSegments });
  const messages = new URL(`/2010-04-01/Accounts/${accountSid}/Messages.json`, endpoint);

  async function receive({ method, url, headers, body }: WebhookRequest): Promise<Received> {
    if (method !== "POST") return { turnedAway: 405, why: "Twilio calls this by POST" };
    if (!headers["content-type"]?.toLowerCase().startsWith(form))
      return { turnedAway: 415, why: `the body is not ${form}` };
    const signature = headers["x-twilio-signature"];
    if (!signature) return { turnedAway: 401, why: "there is no X-Twilio-Signature" };
    const text = Buffer.from(body).toString("utf8");
    if (!isSigned(authToken(), signature, url, new URLSearchParams(text)))
      return { turnedAway: 403, why: "the signature is not that of this request" };
    // The query is signed too, and has the token of the text that a receipt is about.
    const { search } = new URL(url);
    const raw = [search.slice(1), text].filter((part) => part !== "").join("&");
    return { brought: [{ is: isReceipt(text) ? "receipt" : "text", raw }], answer: silence };
  }

  async function send({ from, to, text }: Text, token: string, signal: AbortSignal): Promise<Sent> {
    // Aborted before a byte left: surely not done. Aborted later, nobody knows.
    if (signal.aborted) throw new Retry("lease-too-short");
    const fields = new URLSearchParams({ From: from, To: to, Body: text });
    if (webhookUrl) {
      const told = new URL(webhookUrl);
      told.searchParams.set("token", token);
      fields.set("StatusCallback", told.href);
    }
    const credentials = Buffer.from(`${accountSid}:${authToken()}`).toString("base64");
    let answer: { status: number; body: unknown };
    try {
      const response = await fetch(messages.href, {
        method: "POST",
        headers: { authorization: `Basic ${credentials}`, "content-type": form },
        body: fields,
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      answer = { status: response.status, body: jsonOf(await response.text()) };
    } catch (error) {
      return settle(readingOfBreak(error), error);
    }
    if (answer.status >= 300) return settle(readingOf(answer));
    const accepted = Accepted.safeParse(answer.body).data;
    if (!accepted) return settle({ unsure: "carrier-answer" });
    return { accepted: true, carrierId: accepted.sid, segments: reading.segments(text) };
  }

  return { ...reading, receive, send };
}

/** By the error's own code, then by the HTTP status. */
function readingOf({ status, body }: { status: number; body: unknown }): Reading {
  const known = errorCodes[Refused.safeParse(body).data?.code ?? 0];
  if (known) return known;
  if (status === 429) return throttled;
  return status < 500 ? { refused: "misconfigured" } : { unsure: "carrier-failed" };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
