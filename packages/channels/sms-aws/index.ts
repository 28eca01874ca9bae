import type { PinpointSMSVoiceV2ClientConfig } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { Retry } from "@holdline/runtime";
import * as z from "zod";
import type { Channel, Text } from "../channel.ts";
import { eumSender } from "./eum.ts";
import { type Get, snsReceiver } from "./https.ts";
import { pinpointSender } from "./pinpoint.ts";
import { smsAwsReading } from "./reading.ts";

const Options = z
  .object({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .default("sms-aws"),
    via: z.enum(["eum", "pinpoint"]).default("eum"),
    client: z.looseObject({ region: z.string().min(1) }),
    applicationId: z.string().min(1).optional(),
    // ^[A-Za-z0-9_:/-]+$ up to 256, of the v2 service model; a name or an ARN.
    configurationSet: z
      .string()
      .regex(/^[\w:/-]{1,256}$/)
      .optional(),
    timeToLiveSeconds: z.int().min(5).max(259_200).optional(),
    requestTimeoutMs: z.int().min(100).max(60_000).default(5_000),
    maxSegments: z.int().min(1).max(24).default(24),
    httpsTopics: z.array(z.string().startsWith("arn:aws")).default([]),
  })
  .refine(({ via, applicationId }) => via !== "pinpoint" || applicationId !== undefined, {
    path: ["applicationId"],
    error: "via pinpoint needs the id of a Pinpoint project",
  });

const fixes: Readonly<Record<string, string>> = {
  name: "lower-case letters, digits and dashes",
  via: 'set it to "eum" (AWS End User Messaging, the default) or "pinpoint"',
  client: "give the settings of the AWS client, at least `region`",
  applicationId: 'set the id of your Pinpoint project, or via: "eum"',
  configurationSet: "set the name or ARN of a configuration set of End User Messaging SMS",
  timeToLiveSeconds: "set whole seconds from 5 to 259200, or leave it out (72 hours)",
  requestTimeoutMs: "set whole milliseconds from 100 to 60000, below the stage's lease",
  httpsTopics: "set the ARNs of SNS topics",
  maxSegments: "set a whole number from 1 to 24, or leave it out",
};

/**
 * What `smsAws` is told: the service to send through, the AWS client's own settings (`region`,
 * `endpoint`, `credentials`, …), and our limits. `maxSegments` cuts replies shorter than the 1,600
 * characters one request takes. Without a `configurationSet` no delivery events come.
 */
export type SmsAwsOptions = Omit<z.input<typeof Options>, "client"> & {
  readonly client: AwsSettings;
  /** Gets SNS's certificates, and confirms subscriptions. */
  readonly get?: Get;
};

/** The settings every AWS client takes; where `endpoint` names another than AWS, it is spoken to instead. */
export type AwsSettings = Pick<
  PinpointSMSVoiceV2ClientConfig,
  "endpoint" | "credentials" | "requestHandler" | "profile"
> & { readonly region: string };

function checked(options: SmsAwsOptions) {
  const result = Options.safeParse(options);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const setting = path.join(".");
    return `sms-aws: setting \`${setting}\`: ${message}; ${fixes[String(path[0])] ?? "remove it"}`;
  });
  throw new Error(lines.join("\n"));
}

/** SMS through AWS: texts come from two-way SMS, and go out through End User Messaging or Pinpoint. */
export function smsAws(options: SmsAwsOptions): Channel {
  const { name, via, applicationId, configurationSet, ...limits } = checked(options);
  const { client } = options;
  const deliver =
    via === "pinpoint"
      ? pinpointSender({ client, applicationId: applicationId ?? "" })
      : eumSender({ client, configurationSet, timeToLiveSeconds: limits.timeToLiveSeconds });

  return {
    ...smsAwsReading({ name, maxSegments: limits.maxSegments }),
    ...(limits.httpsTopics.length > 0 && {
      receive: snsReceiver({ topics: limits.httpsTopics, get: options.get }),
    }),
    send: async (text: Text, token: string, signal: AbortSignal) => {
      // Aborted before a byte left: surely not done. Aborted later, nobody knows.
      if (signal.aborted) throw new Retry("lease-too-short");
      const timeout = AbortSignal.timeout(limits.requestTimeoutMs);
      return deliver(text, token, AbortSignal.any([signal, timeout]));
    },
  };
}
