import * as z from "zod";
import type { Receipt, Refusal } from "../channel.ts";
import { type Reading, throttled } from "../verdict.ts";

/**
 * The fixed facts of AWS's two SMS services, as data. Sources: the service models shipped with
 * @aws-sdk/client-pinpoint-sms-voice-v2 3.1138.0 and @aws-sdk/client-pinpoint 3.1132.0, and the
 * AWS End User Messaging SMS and Amazon Pinpoint guides.
 */

/** `MessageBody` of SendTextMessage: 1–1600, not all white space. Pinpoint's `Body` has the same limit. */
export const maxChars = 1_600;

/** An address with or without its plus, as both services accept it (`\+?[1-9][0-9]{1,18}`). */
const phone = z.string().regex(/^\+?[1-9]\d{6,14}$/);
/** Ours may also be a short code. */
const ours = z.string().regex(/^\+?[1-9]\d{2,14}$/);

/** A text of a customer's (End User Messaging SMS guide, "Two-way SMS messaging", payload). */
export const TwoWayText = z.compile(
  z.object({
    originationNumber: phone,
    destinationNumber: ours,
    messageBody: z.string(),
    // The only id that is the same in every copy SNS delivers.
    inboundMessageId: z.string().min(1),
    messageKeyword: z.string().optional(),
    // Absent when the customer writes first.
    previousPublishedMessageId: z.string().nullish(),
  }),
);

/** What became of a text, by a configuration set (SNS, Firehose) or by EventBridge, where it is the `detail`. */
export const TextEvent = z.compile(
  z.object({
    eventType: z.string().startsWith("TEXT_"),
    eventTimestamp: z.number(),
    isFinal: z.boolean(),
    originationPhoneNumber: z.string().min(1),
    destinationPhoneNumber: z.string().min(1),
    messageId: z.string().min(1),
    context: z.record(z.string(), z.string()).nullish(),
  }),
);

/** What became of a text, in Pinpoint's event stream ("SMS event data stream from Amazon Pinpoint"). */
export const PinpointEvent = z.compile(
  z.object({
    event_type: z.string().startsWith("_SMS."),
    event_timestamp: z.number(),
    attributes: z.looseObject({
      origination_phone_number: z.string().min(1),
      destination_phone_number: z.string().min(1),
      message_id: z.string().min(1),
      record_status: z.string().optional(),
      // Where the request's Context comes back is not in the guide's example; accounts have been
      // seen to get it here, as JSON in a string. Absent, the text is matched by message_id alone.
      customer_context: z.string().optional(),
    }),
    client_context: z.looseObject({ custom: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
);

/** The envelopes a body may travel in. SNS spells one field differently towards Lambda, but none we read. */
export const envelopes = {
  /** SNS towards SQS and HTTP, raw delivery off. */
  notification: z.object({
    Type: z.literal("Notification"),
    Message: z.string(),
    Timestamp: z.string().optional(),
  }),
  /** SNS towards Lambda: one record, or the event around exactly one. */
  snsRecord: z.object({
    Sns: z.object({ Message: z.string(), Timestamp: z.string().optional() }),
  }),
  /** SQS towards Lambda. */
  sqsRecord: z.object({ eventSource: z.literal("aws:sqs"), body: z.string() }),
  records: z.object({ Records: z.tuple([z.unknown()]) }),
  /** EventBridge; `source` is `aws.sms-voice`. */
  eventBridge: z.object({ "detail-type": z.string(), detail: z.looseObject({}) }),
} as const;

/**
 * The outcome a status stands for. `when-final`: SUCCESSFUL means "accepted by the carrier" where
 * receipts of the handset follow, and is the last word where they do not.
 */
type Meaning = Receipt["outcome"] | "delivered-when-final" | "undelivered-when-final";

/** `EventType` of the v2 model with the guide's meanings. A type not listed is under way: new ones come. */
export const textEvents: Readonly<Record<string, Meaning>> = {
  TEXT_QUEUED: "under-way",
  TEXT_PENDING: "under-way",
  TEXT_SENT: "under-way",
  TEXT_SUCCESSFUL: "delivered-when-final",
  TEXT_DELIVERED: "delivered",
  TEXT_BLOCKED: "undelivered",
  TEXT_CARRIER_BLOCKED: "undelivered",
  TEXT_PROTECT_BLOCKED: "undelivered",
  TEXT_SPAM: "undelivered",
  TEXT_INVALID: "undelivered",
  TEXT_INVALID_MESSAGE: "undelivered",
  TEXT_TTL_EXPIRED: "undelivered",
  TEXT_CARRIER_UNREACHABLE: "undelivered-when-final",
  TEXT_UNREACHABLE: "undelivered-when-final",
  // 72 hours without a word from the carrier. It may well be on the phone: nobody will ever know.
  TEXT_UNKNOWN: "under-way",
};

/** `event_type` of Pinpoint's stream: its meaning, and whether another can follow. */
export const pinpointEvents: Readonly<
  Record<string, { outcome: Receipt["outcome"]; final: boolean }>
> = {
  "_SMS.SEND": { outcome: "under-way", final: false },
  "_SMS.BUFFERED": { outcome: "under-way", final: false },
  "_SMS.SUCCESS": { outcome: "delivered", final: true },
  "_SMS.FAILURE": { outcome: "undelivered", final: true },
  // "The customer received the message and replied by sending the opt-out keyword."
  "_SMS.OPTOUT": { outcome: "delivered", final: true },
};

/** An expired or unknown key lasts until somebody rotates it, and nothing was sent: worth waiting for. */
const keys = { retry: "carrier-credentials", counts: true } as const;

/** What both services answer by name of exception, when its reason says no more. */
export const exceptions: Readonly<Record<string, Reading>> = {
  // SendTextMessage
  ConflictException: { refused: "misconfigured" },
  ServiceQuotaExceededException: { refused: "misconfigured" },
  ValidationException: { refused: "misconfigured" },
  AccessDeniedException: { refused: "misconfigured" },
  ResourceNotFoundException: { refused: "misconfigured" },
  ThrottlingException: throttled,
  InternalServerException: { unsure: "carrier-failed" },
  // SendMessages
  BadRequestException: { refused: "misconfigured" },
  ForbiddenException: { refused: "misconfigured" },
  NotFoundException: { refused: "misconfigured" },
  MethodNotAllowedException: { refused: "misconfigured" },
  PayloadTooLargeException: { refused: "too-long" },
  TooManyRequestsException: throttled,
  InternalServerErrorException: { unsure: "carrier-failed" },
  // Any AWS service
  ExpiredTokenException: keys,
  UnrecognizedClientException: keys,
  InvalidSignatureException: keys,
  InvalidClientTokenId: keys,
  MissingAuthenticationToken: keys,
  RequestExpired: keys,
  CredentialsProviderError: keys,
  TokenProviderError: keys,
};

/** `Reason` of SendTextMessage's exceptions, where it says more than the exception's name. */
export const reasons: Readonly<Record<string, Refusal>> = {
  DESTINATION_PHONE_NUMBER_OPTED_OUT: "opted-out",
  DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION: "blocked",
  DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE: "blocked",
  DESTINATION_COUNTRY_BLOCKED: "blocked",
  INTERNATIONAL_SENDING_NOT_SUPPORTED: "blocked",
  COUNTRY_NOT_ENABLED: "blocked",
  MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT: "spend-limit",
  PRICE_OVER_THRESHOLD: "spend-limit",
  MAXIMUM_SIZE_EXCEEDED: "too-long",
};

/** Which field a ValidationException with `Fields` complains of (lower case: the spelling varies). */
export const fields: Readonly<Record<string, Refusal>> = {
  destinationphonenumber: "bad-number",
  messagebody: "too-long",
};

/** `DeliveryStatus` of one address in the result of SendMessages, which is HTTP 200 whatever it says. */
export const deliveryStatuses: Readonly<Record<string, Reading>> = {
  OPT_OUT: { refused: "opted-out" },
  THROTTLED: throttled,
  // "Amazon Pinpoint won't attempt to send the message again": so it is ours to send again.
  TEMPORARY_FAILURE: { retry: "carrier-busy", counts: true },
  PERMANENT_FAILURE: { refused: "blocked" },
  UNKNOWN_FAILURE: { unsure: "carrier-unknown" },
  DUPLICATE: { unsure: "carrier-duplicate" },
};

/** Free text with a PERMANENT_FAILURE that tells it from being blocked. Wording not in the reference. */
export const permanentFailures: readonly (readonly [RegExp, Refusal])[] = [
  [/spend|limit|quota/i, "spend-limit"],
  [/too long|length/i, "too-long"],
  [/invalid|not valid|number/i, "bad-number"],
];
