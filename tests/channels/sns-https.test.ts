import { smsAws } from "@holdline/channels";
import { describe, expect, it } from "vitest";
import { certificate, foreignCertificate, signedBySns } from "../support/sns-signing.ts";

const topic = "arn:aws:sns:us-west-2:111122223333:texts";
const sns = "https://sns.us-west-2.amazonaws.com";
const text = {
  ...{ originationNumber: "+14255550182", destinationNumber: "+12065550100" },
  ...{ messageBody: "hello", inboundMessageId: "t-1", messageKeyword: "K" },
};
const receipt = {
  ...{ eventType: "TEXT_DELIVERED", eventTimestamp: 1_767_268_800_000, isFinal: true },
  ...{ originationPhoneNumber: "+12065550100", destinationPhoneNumber: "+14255550182" },
  ...{ messageId: "s-1", context: { token: "k" } },
};
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const notification = (of: Readonly<Record<string, string>> = {}) => ({
  ...{ Type: "Notification", MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", TopicArn: topic },
  ...{ Message: JSON.stringify(text), Timestamp: ago(1), SignatureVersion: "2" },
  SigningCertURL: `${sns}/SimpleNotificationService-01d088a6f77103d0fe307c0069e40ed6.pem`,
  ...of,
});
const confirmation = {
  ...notification(),
  ...{ Type: "SubscriptionConfirmation", Token: "2336412f37", Message: "You have chosen" },
  SubscribeURL: `${sns}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37`,
};

/** A channel that takes what our topic posts; what it made of a body, and all it fetched for it. */
async function receiving(body: string, { pem = certificate, headers = {}, method = "POST" } = {}) {
  const fetched: string[] = [];
  const channel = smsAws({
    client: { region: "us-west-2" },
    httpsTopics: [topic],
    async get(url) {
      fetched.push(url);
      return url.includes(".pem") ? pem : "<ConfirmSubscriptionResponse/>";
    },
  });
  const request = {
    method,
    url: "https://texts.example.com/webhooks/sms-aws",
    headers: { "content-type": "text/plain; charset=UTF-8", ...headers },
    body: Buffer.from(body),
  };
  const received = await channel.receive?.(request);
  return { received, fetched, again: () => channel.receive?.(request) };
}

describe("what SNS posts", () => {
  it.each(["1", "2"])("is taken when it is signed by version %s", async (SignatureVersion) => {
    for (const Subject of [{}, { Subject: "a subject" }]) {
      const raw = signedBySns(notification({ SignatureVersion, ...Subject }));
      const { received } = await receiving(raw);
      const at = Date.parse(JSON.parse(raw).Timestamp);
      expect(received).toEqual({ brought: [{ is: "text", raw, at }] });
    }
  });

  it("is a receipt when it tells what became of a text", async () => {
    const raw = signedBySns(notification({ Message: JSON.stringify(receipt) }));
    expect((await receiving(raw)).received).toMatchObject({ brought: [{ is: "receipt", raw }] });
  });

  it("fetches the certificate once", async () => {
    const { fetched, again } = await receiving(signedBySns(notification()));
    await again();
    expect(fetched).toHaveLength(1);
  });

  it("is confirmed at SNS when it is a subscription of our topic", async () => {
    const { received, fetched } = await receiving(signedBySns(confirmation));
    expect(received).toEqual({ brought: [] });
    expect(fetched.at(-1)).toBe(confirmation.SubscribeURL);
  });

  const changed = (name: string, value: string) => {
    const message = JSON.parse(signedBySns(notification({ Subject: "s" })));
    return JSON.stringify({ ...message, [name]: value });
  };
  it.each([
    ["other words", changed("Message", JSON.stringify({ ...text, messageBody: "money" }))],
    ["another id", changed("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf325")],
    ["another time", changed("Timestamp", ago(2))],
    ["another subject", changed("Subject", "t")],
    ["the other version", changed("SignatureVersion", "1")],
    ["no real signature", changed("Signature", "AAAA")],
    ["another type", changed("Type", "UnsubscribeConfirmation")],
  ])("is turned away with %s", async (_, body) => {
    expect((await receiving(body)).received).toMatchObject({ turnedAway: 403 });
  });

  it("is turned away when the certificate is another host's", async () => {
    const { received } = await receiving(signedBySns(notification()), { pem: foreignCertificate });
    expect(received).toMatchObject({ turnedAway: 403 });
  });

  it.each([
    ["another account's topic", { TopicArn: topic.replace("1111", "9999") }],
    ["a certificate at another host", { SigningCertURL: "https://sns.example.com/a.pem" }],
    ["a bucket of that name", { SigningCertURL: "https://sns.s3-us-west-2.amazonaws.com/a.pem" }],
    ["another region's", { SigningCertURL: "https://sns.us-east-1.amazonaws.com/a.pem" }],
    ["no TLS", { SigningCertURL: "http://sns.us-west-2.amazonaws.com/a.pem" }],
    ["another port", { SigningCertURL: "https://sns.us-west-2.amazonaws.com:8443/a.pem" }],
    ["a host behind an @", { SigningCertURL: `${sns}@example.com/a.pem` }],
    ["a name before an @", { SigningCertURL: "https://me@sns.us-west-2.amazonaws.com/a.pem" }],
    ["no certificate's name", { SigningCertURL: `${sns}/a.txt?b=.pem` }],
    ["a time long past", { Timestamp: ago(80) }],
    ["a time to come", { Timestamp: ago(-10) }],
  ] satisfies readonly [string, Partial<Record<string, string>>][])(
    "has nothing fetched for it: %s",
    async (_, wrong) => {
      const { received, fetched } = await receiving(
        signedBySns({ ...notification(), ...wrong } as Record<string, string>),
      );
      expect(received).toMatchObject({ turnedAway: 403 });
      expect(fetched).toEqual([]);
    },
  );

  it("has no subscription confirmed elsewhere", async () => {
    const SubscribeURL = "https://example.com/?Action=ConfirmSubscription";
    const { received, fetched } = await receiving(signedBySns({ ...confirmation, SubscribeURL }));
    expect(received).toMatchObject({ turnedAway: 403 });
    expect(fetched.filter((url) => url === SubscribeURL)).toEqual([]);
  });

  it.each([
    ["no JSON", "hello", {}, 401],
    ["no signature, as with raw delivery", JSON.stringify(text), {}, 401],
    ["a form", "a=b", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["GET", "", { method: "GET" }, 405],
  ])("is turned away: %s", async (_, body, how, turnedAway) => {
    expect((await receiving(body, how)).received).toMatchObject({ turnedAway });
  });

  it("is taken by no channel whose topics are not named", () => {
    expect(smsAws({ client: { region: "us-west-2" } }).receive).toBeUndefined();
  });
});
