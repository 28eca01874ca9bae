import { KafkaOptions } from "@holdline/kafka/options";
import * as z from "zod";
import { FaqSettings } from "./faq.ts";
import { Wording } from "./wording.ts";

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, "a phone number in E.164, such as +12065550100");

const Lex = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("lex-v2"),
    botId: z.string().regex(/^[0-9A-Za-z]{10}$/, "Lex V2 bot ids are 10 letters and digits"),
    aliasId: z.string().min(1),
    /** The one locale the bot has; the number's language (`en-US`: `en_US`) where it is not set. */
    locale: z
      .string()
      .regex(/^[a-z]{2}_[A-Z]{2}$/, "such as en_US")
      .optional(),
  }),
  z.strictObject({
    kind: z.literal("lex-v1"),
    botName: z.string().min(2).max(50),
    alias: z.string().min(1),
  }),
]);

/** The name of our own chat flow. */
export const ownFlow = "sms-chat";

/** The channels whose carrier calls us by HTTPS, and the secrets it takes to check that and to send. */
export const webhookChannels = { "sms-twilio": ["TwilioAuthToken"] } as const;

const BusinessNumber = z.strictObject({
  address: e164,
  channel: z.enum(["sms-aws", "sms-twilio"]).default("sms-aws"),
  /** Who answers STOP and HELP: we (`self`) or the carrier (`aws`). Must match the number's own setting. */
  optOut: z.enum(["self", "aws"]).default("self"),
  /** Message parts a second the carrier allows this number. */
  partsPerSecond: z.number().positive().default(1),
  /**
   * The chat flow that StartChatContact runs: its id, or its ARN's last part. `sms-chat` is the one that a
   * deployment with SST makes, and that the stand-in has.
   */
  flow: z.string().min(1).default(ownFlow),
  /** The queue's name, for people; the flow decides where a chat goes. */
  queue: z.string().min(1).default("sms"),
  /** A name in `bots`. */
  bot: z.string().min(1).default("default"),
  language: z.string().min(2).default("en-US"),
  /** What this number says differently. */
  wording: Wording.partial().default({}),
});
export type NumberSettings = z.output<typeof BusinessNumber>;

const Limits = z.strictObject({
  offerExpiryHours: z.number().positive().default(24),
  /** When the answer to YES goes out without a place in line, because no marker came. */
  yesUnansweredSeconds: z.number().positive().default(15),
  contactRetryMinutes: z.number().positive().default(5),
  contactRetries: z.int().nonnegative().default(24),
  idleCloseHours: z.number().positive().default(12),
  /** A reply that could not be sent for this long is given up on. */
  replyMaxAgeMinutes: z.number().positive().default(60),
  /** How long a delivery event is waited for before a text nobody is sure of is sent again. */
  unsureWaitSeconds: z.number().positive().default(10),
  /** What is done with a text nobody is sure of: sent again once, or put aside for a person. */
  ifUnsure: z.enum(["retry", "dead-letter"]).default("retry"),
  /** Most SMS segments one text message may have before a reply is split into numbered parts. */
  maxSegments: z.int().min(1).max(10).default(6),
  /** Parts a second one phone may get. */
  perRecipientPerSecond: z.number().positive().default(1),
  /** Connect's quotas for the whole instance; raise them when AWS raised yours. */
  startChatPerSecond: z.number().positive().default(5),
  sendMessagePerSecond: z.number().positive().default(10),
  connectionsPerSecond: z.number().positive().default(6),
  chatMinutes: z.int().min(60).max(10_080).default(1_500),
  relayCharacters: z.int().min(1).max(16_384).default(1_024),
});

const Aws = z.strictObject({
  /** Ids of the numbers in End User Messaging: `phone-…`. */
  phoneNumberIds: z.array(z.string().regex(/^phone-\w+$/, "such as phone-0a1b2c3d")),
  /** Connect's queue for texts, by its id. */
  smsQueueId: z.guid(),
  /** Connect's queue that callers wait in, by its id; a call's attribute `queue`, an ARN, goes over it. */
  voiceQueueId: z.guid().optional(),
  /** A caller is offered to go on by text when the oldest caller in the queue has waited longer than this. */
  offerAfterSeconds: z.int().min(1).default(7_200),
  /** Who is told when an alarm goes off. */
  alarmEmails: z.array(z.email()).default([]),
  /** Container tasks that hold chat sockets. */
  holders: z
    .strictObject({ least: z.int().min(2).default(2), most: z.int().min(2).default(10) })
    .prefault({}),
  /** How long the bus keeps its archive; 0 is for ever. */
  archiveDays: z.int().min(0).default(365),
  /** Whether there is a rule and a queue for `archive export --from eventbridge`. Not in production. */
  debugging: z.boolean().default(false),
});

/** Whether any of our numbers is on a channel. */
export const speaks = (
  { numbers }: { readonly numbers: readonly Pick<NumberSettings, "channel">[] },
  channel: NumberSettings["channel"],
): boolean => numbers.some((number) => number.channel === channel);

/** `holdline.config.json`, whole. Unknown names are refused, so that a misspelt one is not ignored. */
export const Settings = z
  .strictObject({
    /** Said in our texts. */
    organisation: z.string().min(1).max(40).default("Holdline"),
    /** The Amazon Connect instance. */
    instanceId: z.string().min(1).max(100),
    numbers: z.array(BusinessNumber).min(1, "at least one business number"),
    bots: z.record(z.string(), Lex).default({}),
    sms: z
      .strictObject({
        /** `eum`: End User Messaging SendTextMessage; `pinpoint`: the older SendMessages. */
        via: z.enum(["eum", "pinpoint"]).default("eum"),
        configurationSet: z.string().optional(),
        applicationId: z.string().optional(),
        /**
         * SNS topics that may call our webhook `sms-aws` by HTTPS; others are turned away. For a pipeline that
         * is not on AWS and polls no queue of theirs.
         */
        httpsTopics: z.array(z.string().startsWith("arn:aws")).default([]),
      })
      .prefault({}),
    /** Needed by numbers whose channel is `sms-twilio`. The auth token is a secret and not in here. */
    twilio: z
      .strictObject({
        /** The account's SID: `AC…`. */
        accountSid: z.string().regex(/^AC[0-9a-f]{32}$/i, "AC and 32 hexadecimal digits"),
        /** Another than Twilio's first region, such as `https://api.dublin.ie1.twilio.com`. */
        endpoint: z.url().optional(),
      })
      .optional(),
    /**
     * Where carriers reach `/webhooks` from outside, such as `https://texts.example.com`: some sign the whole
     * address. A deployment on AWS knows its own.
     */
    publicUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** URLs of the SQS queues that are polled: two-way texts, and delivery events. Functions on AWS poll none. */
    queues: z
      .strictObject({
        inbound: z.url(),
        delivery: z.url(),
        /** What Connect streams of chats, where `receiver` says so. */
        streaming: z.url().optional(),
      })
      .optional(),
    /**
     * What hears new chats: a socket of ours, or Connect's message streaming by way of SNS. Both at
     * once is harmless. Chats that are open keep what hears them until they end.
     */
    receiver: z.enum(["socket", "streaming", "both"]).default("socket"),
    /** The SNS topic that chats are streamed to. A deployment with SST makes its own. */
    streamingTopicArn: z.string().startsWith("arn:").optional(),
    limits: Limits.prefault({}),
    faq: FaqSettings.prefault({}),
    /** Where the brokers are; `holdline serve --transport kafka` alone reads it. */
    kafka: KafkaOptions.optional(),
    /** What a deployment on AWS is told beyond the rest; nothing else reads it. */
    aws: Aws.optional(),
  })
  .superRefine((settings, context) => {
    const seen = new Set<string>();
    if (speaks(settings, "sms-twilio") && !settings.twilio)
      context.addIssue({
        code: "custom",
        path: ["twilio", "accountSid"],
        message: "is needed for a number with channel: sms-twilio",
      });
    if (settings.aws?.phoneNumberIds.length === 0 && speaks(settings, "sms-aws"))
      context.addIssue({
        code: "custom",
        path: ["aws", "phoneNumberIds"],
        message: "is needed for a number with channel: sms-aws",
      });
    settings.numbers.forEach(({ address, bot }, at) => {
      if (seen.has(address))
        context.addIssue({
          code: "custom",
          path: ["numbers", at, "address"],
          message: "listed twice",
        });
      seen.add(address);
      if (!settings.bots[bot])
        context.addIssue({
          code: "custom",
          path: ["numbers", at, "bot"],
          message: `names the bot "${bot}", which is not in bots`,
        });
    });
    if (settings.receiver !== "socket" && !settings.streamingTopicArn && !settings.aws)
      context.addIssue({
        code: "custom",
        path: ["streamingTopicArn"],
        message: `is needed with receiver: ${settings.receiver}`,
      });
    if (settings.sms.via === "pinpoint" && !settings.sms.applicationId)
      context.addIssue({
        code: "custom",
        path: ["sms", "applicationId"],
        message: "is needed with via: pinpoint",
      });
  });
export type Settings = z.output<typeof Settings>;
