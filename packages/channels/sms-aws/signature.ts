import { createVerify, X509Certificate } from "node:crypto";
import * as z from "zod";

/** What SNS posts to an HTTPS endpoint (SNS developer guide, "Parsing Amazon SNS message formats"). */
export const SnsMessage = z.compile(
  z.object({
    Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
    MessageId: z.string().min(1),
    TopicArn: z.string().min(1),
    Message: z.string(),
    Subject: z.string().nullish(),
    Timestamp: z.iso.datetime(),
    Token: z.string().optional(),
    SubscribeURL: z.string().optional(),
    SignatureVersion: z.enum(["1", "2"]),
    Signature: z.base64(),
    SigningCertURL: z.string(),
  }),
);
export type SnsMessage = z.output<typeof SnsMessage>;

/** The fields that are signed, in their order; one that is absent is left out ("Verifying the signatures"). */
const signedFields = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: [
    ...["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  ],
} as const;
/** Whom SNS's certificates are for. */
const hosts = ["sns.amazonaws.com", "sns.amazonaws.com.cn"];
const algorithms = { "1": "RSA-SHA1", "2": "RSA-SHA256" } as const;

/** Whether a message was signed with the key of a certificate that was SNS's when it was published. */
export function isSigned(message: SnsMessage, pem: string): boolean {
  const { Type, SignatureVersion, Signature, Timestamp } = message;
  const fields: Readonly<Record<string, string | null | undefined>> = message;
  const names =
    Type === "Notification" ? signedFields.Notification : signedFields.SubscriptionConfirmation;
  const verify = createVerify(algorithms[SignatureVersion]);
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string") verify.update(`${name}\n${value}\n`);
  }
  try {
    const certificate = new X509Certificate(pem);
    const at = new Date(Timestamp);
    return (
      hosts.some((host) => certificate.checkHost(host) !== undefined) &&
      certificate.validFromDate <= at &&
      at <= certificate.validToDate &&
      verify.verify(certificate.publicKey, Signature, "base64")
    );
  } catch {
    return false;
  }
}
