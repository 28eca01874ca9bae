import type { Received, WebhookRequest } from "../channel.ts";
import { isSigned, SnsMessage } from "./signature.ts";
import { TextEvent } from "./wire.ts";

/** Gets what is at an address of SNS; rejects when it is not there. */
export type Get = (url: string) => Promise<string>;

export interface HttpsOptions {
  /** ARNs of the topics that may call; everybody else is turned away. */
  readonly topics: readonly string[];
  readonly get?: Get | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * How old a notification may be. SNS goes on for an hour at most when an HTTPS endpoint does not take it
 * (SNS developer guide, "Message delivery retries"): what is older was recorded and is played again.
 */
const freshMs = 75 * 60_000;
/** How far ahead of ours its clock may be. */
const aheadMs = 5 * 60_000;
/** A certificate has 2 KB; an address that gives more is not SNS's. */
const mostCharacters = 20_000;

/** Takes what SNS posts to an HTTPS endpoint: two-way texts and delivery events. */
export function snsReceiver({ topics, get = getText, now = Date.now }: HttpsOptions) {
  const allowed = new Set(topics);
  /** By address. SNS has one certificate a region at a time, and our topics are few. */
  const certificates = new Map<string, string>();

  return async ({ method, headers, body }: WebhookRequest): Promise<Received> => {
    if (method !== "POST") return { turnedAway: 405, why: "SNS calls this by POST" };
    if (!/^(text\/plain|application\/json)\b/i.test(headers["content-type"] ?? ""))
      return { turnedAway: 415, why: "the body is not what SNS sends" };
    const raw = Buffer.from(body).toString("utf8");
    const message = SnsMessage.safeParse(jsonIn(raw)).data;
    if (!message) return { turnedAway: 401, why: "this is no signed message of SNS" };
    // Nothing is fetched for a topic that is not ours: the addresses in a message are its sender's.
    if (!allowed.has(message.TopicArn)) return { turnedAway: 403, why: "the topic is not ours" };
    const age = now() - Date.parse(message.Timestamp);
    if (age > freshMs || age < -aheadMs)
      return { turnedAway: 403, why: "the message is too old, or of a time to come" };
    if (!isOfSns(message.SigningCertURL, message.TopicArn, ".pem"))
      return { turnedAway: 403, why: "the certificate is not at SNS" };
    if (!isSigned(message, await certificateAt(message.SigningCertURL)))
      return { turnedAway: 403, why: "the signature is not that of this message" };
    return taken(message, raw);
  };

  async function taken(message: SnsMessage, raw: string): Promise<Received> {
    const { Type, TopicArn, SubscribeURL = "", Message, Timestamp } = message;
    if (Type === "Notification") {
      const is = TextEvent.safeParse(jsonIn(Message)).success ? "receipt" : "text";
      return { brought: [{ is, raw, at: Date.parse(Timestamp) }] };
    }
    if (Type === "SubscriptionConfirmation") {
      if (!isOfSns(SubscribeURL, TopicArn, ""))
        return { turnedAway: 403, why: "the subscription is not to be confirmed at SNS" };
      await get(SubscribeURL);
    }
    return { brought: [] };
  }

  async function certificateAt(url: string): Promise<string> {
    const known = certificates.get(url);
    if (known !== undefined) return known;
    const pem = await get(url);
    certificates.set(url, pem);
    return pem;
  }
}

/** Whether an address is one of SNS itself, in the topic's own region: there is a bucket for any other name. */
function isOfSns(address: string, topicArn: string, suffix: string): boolean {
  const region = topicArn.split(":")[3] ?? "";
  const hosts = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`];
  const url = URL.parse(address);
  return (
    /^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) &&
    url?.protocol === "https:" &&
    hosts.includes(url.host) &&
    url.username === "" &&
    url.password === "" &&
    url.pathname.endsWith(suffix)
  );
}

async function getText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`SNS answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > mostCharacters) throw new Error("SNS answered too much");
  return text;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
