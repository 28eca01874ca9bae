import type { Inbound, Receipt } from "../channel.ts";
import type { ChannelCases } from "../channel-cases.ts";

const customer = "+14255550182";
const business = "+12065550100";

const payload = {
  originationNumber: customer,
  destinationNumber: business,
  messageKeyword: "KEYWORD_111122223333",
  messageBody: "I need help with my order",
  inboundMessageId: "cae173d2-66b9-564c-8309-21f858e9fb84",
  previousPublishedMessageId: "862a8790-60c0-4430-9b2b-658bd0000001",
};
const inbound: Inbound = {
  messageId: payload.inboundMessageId,
  business,
  customer,
  text: payload.messageBody,
  attachments: [],
};

/** SNS towards SQS and HTTP. */
const notification = (message: unknown) =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "d0000000-0000-4000-8000-000000000001",
    TopicArn: "arn:aws:sns:us-west-2:111122223333:sms",
    Message: JSON.stringify(message),
    Timestamp: "2026-11-22T19:15:59.900Z",
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "https://sns.us-west-2.amazonaws.com/example.pem",
    UnsubscribeURL: "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe",
  });
/** SNS towards Lambda; some fields are spelled otherwise there (@types/aws-lambda sns.d.ts). */
const snsRecord = (message: unknown) => ({
  EventSource: "aws:sns",
  EventVersion: "1.0",
  Sns: {
    Type: "Notification",
    MessageId: "d0000000-0000-4000-8000-000000000001",
    Message: JSON.stringify(message),
    Timestamp: "2026-11-22T19:15:59.900Z",
    SigningCertUrl: "https://sns.us-west-2.amazonaws.com/example.pem",
    Subject: null,
    MessageAttributes: {},
  },
});
const sqsRecord = (body: string) => ({
  messageId: "059f36b4-87a3-44ab-83d2-661975020000",
  receiptHandle: "AQEBexample",
  body,
  attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1795375000000" },
  eventSource: "aws:sqs",
});

const event = {
  eventType: "TEXT_DELIVERED",
  eventVersion: "1.0",
  eventTimestamp: 1_795_375_005_470,
  isFinal: true,
  originationPhoneNumber: business,
  destinationPhoneNumber: customer,
  isoCountryCode: "US",
  messageId: "862a8790-60c0-4430-9b2b-658bd0000002",
  messageStatus: "DELIVERED",
  messageStatusDescription: "Message has been accepted by phone",
  context: { token: "t-0005", conversation: "c_example" },
  totalMessageParts: 1,
};
const receipt: Receipt = {
  business,
  customer,
  carrierId: event.messageId,
  token: "t-0005",
  status: "TEXT_DELIVERED",
  outcome: "delivered",
  final: true,
  at: "2026-11-22T19:16:45.470Z",
};
const became = (eventType: string, isFinal: boolean, outcome: Receipt["outcome"]) => ({
  name: `${eventType}${isFinal ? ", final" : ""}`,
  raw: notification({ ...event, eventType, isFinal }),
  receipt: { ...receipt, status: eventType, final: isFinal, outcome },
});

const streamed = {
  event_type: "_SMS.SUCCESS",
  event_timestamp: 1_795_375_004_322,
  event_version: "3.1",
  client: { client_id: "123456789012" },
  session: {},
  attributes: {
    sender_request_id: "565d4425-4b3a-11e9-b0a5-000000000001",
    origination_phone_number: business,
    destination_phone_number: customer,
    record_status: "DELIVERED",
    message_id: "hk0example",
    message_type: "Transactional",
  },
  metrics: { price_in_millicents_usd: 645.0 },
};
const streamedReceipt: Receipt = {
  ...receipt,
  carrierId: "hk0example",
  token: null,
  status: "_SMS.SUCCESS DELIVERED",
  at: "2026-11-22T19:16:44.322Z",
};

/** Bodies AWS sends us, and what we read in them; the same whichever service texts go out through. */
export const readingCases = {
  texts: [
    { name: "SNS in SQS", raw: notification(payload), inbound },
    { name: "raw delivery", raw: JSON.stringify(payload), inbound },
    { name: "SNS to Lambda", raw: JSON.stringify({ Records: [snsRecord(payload)] }), inbound },
    { name: "one SNS record", raw: JSON.stringify(snsRecord(payload)), inbound },
    {
      name: "SNS in SQS to Lambda",
      raw: JSON.stringify({ Records: [sqsRecord(notification(payload))] }),
      inbound,
    },
    {
      name: "numbers without a plus, and nothing sent before",
      raw: JSON.stringify({
        ...payload,
        originationNumber: "14255550182",
        destinationNumber: "12065550100",
        previousPublishedMessageId: undefined,
      }),
      inbound,
    },
    {
      name: "a short code",
      raw: JSON.stringify({ ...payload, destinationNumber: "20655" }),
      inbound: { ...inbound, business: "20655" },
    },
    {
      name: "emoji, a lone surrogate, control characters",
      raw: JSON.stringify({
        ...payload,
        messageBody: "ok \u{1f600} \ud83d\u0007\u0000 \ttab\r\nnew",
      }),
      inbound: { ...inbound, text: "ok \u{1f600} \ufffd \ttab\nnew" },
    },
    {
      name: "an empty text",
      raw: JSON.stringify({ ...payload, messageBody: "" }),
      inbound: { ...inbound, text: "" },
    },
  ],
  receipts: [
    { name: "SNS in SQS", raw: notification(event), receipt },
    { name: "raw delivery", raw: JSON.stringify(event), receipt },
    { name: "SNS to Lambda", raw: JSON.stringify({ Records: [snsRecord(event)] }), receipt },
    {
      name: "EventBridge",
      raw: JSON.stringify({
        version: "0",
        "detail-type": "Text Message Delivery Status Updated",
        source: "aws.sms-voice",
        detail: event,
      }),
      receipt,
    },
    {
      name: "somebody else's context",
      raw: JSON.stringify({ ...event, context: { campaign: "x" } }),
      receipt: { ...receipt, token: null },
    },
    {
      name: "no context",
      raw: JSON.stringify({ ...event, context: undefined }),
      receipt: { ...receipt, token: null },
    },
    became("TEXT_QUEUED", false, "under-way"),
    became("TEXT_PENDING", false, "under-way"),
    became("TEXT_SENT", false, "under-way"),
    became("TEXT_SUCCESSFUL", false, "under-way"),
    became("TEXT_SUCCESSFUL", true, "delivered"),
    became("TEXT_BLOCKED", true, "undelivered"),
    became("TEXT_CARRIER_BLOCKED", true, "undelivered"),
    became("TEXT_PROTECT_BLOCKED", true, "undelivered"),
    became("TEXT_SPAM", true, "undelivered"),
    became("TEXT_INVALID", true, "undelivered"),
    became("TEXT_INVALID_MESSAGE", true, "undelivered"),
    became("TEXT_TTL_EXPIRED", true, "undelivered"),
    became("TEXT_CARRIER_UNREACHABLE", false, "under-way"),
    became("TEXT_CARRIER_UNREACHABLE", true, "undelivered"),
    became("TEXT_UNREACHABLE", true, "undelivered"),
    became("TEXT_UNKNOWN", true, "under-way"),
    became("TEXT_INVENTED_LATER", false, "under-way"),
    { name: "Pinpoint success", raw: JSON.stringify(streamed), receipt: streamedReceipt },
    {
      name: "Pinpoint buffered, with our context",
      raw: JSON.stringify({
        ...streamed,
        event_type: "_SMS.BUFFERED",
        attributes: {
          ...streamed.attributes,
          record_status: "PENDING",
          customer_context: '{"token":"t-0005"}',
        },
      }),
      receipt: {
        ...streamedReceipt,
        token: "t-0005",
        status: "_SMS.BUFFERED PENDING",
        outcome: "under-way",
        final: false,
      },
    },
    {
      name: "Pinpoint failure",
      raw: JSON.stringify({
        ...streamed,
        event_type: "_SMS.FAILURE",
        attributes: { ...streamed.attributes, record_status: "CARRIER_BLOCKED" },
      }),
      receipt: {
        ...streamedReceipt,
        status: "_SMS.FAILURE CARRIER_BLOCKED",
        outcome: "undelivered",
      },
    },
    {
      name: "Pinpoint gave up waiting",
      raw: JSON.stringify({
        ...streamed,
        event_type: "_SMS.FAILURE",
        attributes: { ...streamed.attributes, record_status: "UNKNOWN" },
      }),
      receipt: { ...streamedReceipt, status: "_SMS.FAILURE UNKNOWN", outcome: "under-way" },
    },
  ],
  unreadable: [
    { name: "nothing", raw: "" },
    { name: "words with a number", raw: `I am ${customer}` },
    { name: "another's JSON", raw: JSON.stringify({ hello: customer }) },
    { name: "null", raw: "null" },
    { name: "SNS around words", raw: JSON.stringify({ Type: "Notification", Message: "I am" }) },
    {
      name: "a subscription to confirm",
      raw: JSON.stringify({
        Type: "SubscriptionConfirmation",
        Token: "x",
        Message: "You have chosen",
      }),
    },
    {
      name: "a number that is none",
      raw: JSON.stringify({ ...payload, originationNumber: "Holdline Bank" }),
    },
    { name: "a text without an id", raw: JSON.stringify({ ...payload, inboundMessageId: "" }) },
    { name: "a text that is no text", raw: JSON.stringify({ ...payload, messageBody: { a: 1 } }) },
    {
      name: "two records",
      raw: JSON.stringify({ Records: [snsRecord(payload), snsRecord(payload)] }),
    },
    { name: "a time beyond all time", raw: JSON.stringify({ ...event, eventTimestamp: 1e300 }) },
  ],
} satisfies Omit<ChannelCases, "answers" | "accepting">;
