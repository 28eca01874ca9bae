import type { CarrierAnswer, ChannelCases, SendOutcome } from "../channel-cases.ts";
import { readingCases } from "./cases-read.ts";

/** JSON 1.0 of SendTextMessage: the code is in `__type`. */
const refusal = (type: string, more: object = {}, status = 400): CarrierAnswer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ __type: type, Message: "as the carrier says", ...more }),
});
const refused = (reason: string): SendOutcome =>
  ({ sent: { accepted: false, reason } }) as SendOutcome;
const throttled = { retry: "carrier-throttled", counts: false } as const;

const conflict = (Reason: string) => refusal("ConflictException", { Reason });
const accepted: SendOutcome = { sent: { accepted: true, carrierId: "m-1", segments: 1 } };

/** Through End User Messaging: `ConflictException.Reason` and its kin (service model 2022-03-31). */
export const eumCases: ChannelCases = {
  ...readingCases,
  accepting: { status: 200, body: '{"MessageId":"m-1"}' },
  answers: [
    { name: "accepted", answer: { status: 200, body: '{"MessageId":"m-1"}' }, outcome: accepted },
    {
      name: "opted out",
      answer: conflict("DESTINATION_PHONE_NUMBER_OPTED_OUT"),
      outcome: refused("opted-out"),
    },
    {
      name: "country blocked",
      answer: conflict("DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
      outcome: refused("blocked"),
    },
    {
      name: "sandbox",
      answer: conflict("DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
      outcome: refused("misconfigured"),
    },
    {
      name: "a conflict invented later",
      answer: conflict("WHATEVER"),
      outcome: refused("misconfigured"),
    },
    {
      name: "spend limit",
      answer: refusal("ServiceQuotaExceededException", {
        Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
      }),
      outcome: refused("spend-limit"),
    },
    {
      name: "bad number",
      answer: refusal("ValidationException", {
        Reason: "FIELD_VALIDATION_FAILED",
        Fields: [{ Name: "destinationPhoneNumber", Message: "no such" }],
      }),
      outcome: refused("bad-number"),
    },
    {
      name: "too long",
      answer: refusal("ValidationException", {
        Reason: "FIELD_VALIDATION_FAILED",
        Fields: [{ Name: "messageBody", Message: "too long" }],
      }),
      outcome: refused("too-long"),
    },
    {
      name: "any other complaint",
      answer: refusal("ValidationException", { Reason: "INVALID_PARAMETER" }),
      outcome: refused("misconfigured"),
    },
    {
      name: "account disabled",
      answer: refusal("AccessDeniedException", { Reason: "ACCOUNT_DISABLED" }),
      outcome: refused("misconfigured"),
    },
    {
      name: "no such number of ours",
      answer: refusal("ResourceNotFoundException", { ResourceType: "phone-number" }),
      outcome: refused("misconfigured"),
    },
    { name: "throttled", answer: refusal("ThrottlingException"), outcome: throttled },
    { name: "429 of a proxy", answer: { status: 429, body: "slow down" }, outcome: throttled },
    {
      name: "expired keys",
      answer: refusal("ExpiredTokenException", {}, 403),
      outcome: { retry: "carrier-credentials", counts: true },
    },
    {
      name: "internal error",
      answer: refusal("InternalServerException", {}, 500),
      outcome: { unsure: "carrier-failed" },
    },
    {
      name: "503 of a proxy",
      answer: { status: 503, body: "<html>" },
      outcome: { unsure: "carrier-failed" },
    },
    {
      name: "200 without an id",
      answer: { status: 200, body: "{}" },
      outcome: { unsure: "carrier-answer" },
    },
  ],
};

/** SendMessages answers 200 and says in the result of each address what became of it. */
const result = (DeliveryStatus: string, more: object = {}): CarrierAnswer => ({
  status: 200,
  body: JSON.stringify({
    ApplicationId: "ce796be37f32f178af652b26eexample",
    RequestId: "r-1",
    Result: { "+14255550182": { DeliveryStatus, StatusCode: 400, StatusMessage: "", ...more } },
  }),
});
/** REST JSON: the code is in a header. */
const restError = (type: string, status: number): CarrierAnswer => ({
  status,
  headers: { "x-amzn-errortype": type, "content-type": "application/json" },
  body: JSON.stringify({ Message: "as the carrier says", RequestID: "r-1" }),
});
const pinpointAccepts = result("SUCCESSFUL", { StatusCode: 200, MessageId: "m-1" });

/** Through Pinpoint: the result of the address, then the HTTP errors (service model 2016-12-01). */
export const pinpointCases: ChannelCases = {
  ...readingCases,
  accepting: pinpointAccepts,
  answers: [
    { name: "accepted", answer: pinpointAccepts, outcome: accepted },
    { name: "opted out", answer: result("OPT_OUT"), outcome: refused("opted-out") },
    { name: "throttled in a 200", answer: result("THROTTLED"), outcome: throttled },
    {
      name: "temporary failure",
      answer: result("TEMPORARY_FAILURE"),
      outcome: { retry: "carrier-busy", counts: true },
    },
    {
      name: "bad number",
      answer: result("PERMANENT_FAILURE", { StatusMessage: "Invalid phone number" }),
      outcome: refused("bad-number"),
    },
    {
      name: "permanent failure",
      answer: result("PERMANENT_FAILURE", { StatusMessage: "Blocked by carrier" }),
      outcome: refused("blocked"),
    },
    {
      name: "unknown failure",
      answer: result("UNKNOWN_FAILURE"),
      outcome: { unsure: "carrier-unknown" },
    },
    {
      name: "a duplicate of nothing we know",
      answer: result("DUPLICATE"),
      outcome: { unsure: "carrier-duplicate" },
    },
    {
      name: "a status invented later",
      answer: result("WHATEVER"),
      outcome: { unsure: "carrier-answer" },
    },
    {
      name: "no result at all",
      answer: { status: 200, body: "{}" },
      outcome: { unsure: "carrier-answer" },
    },
    {
      name: "429",
      answer: restError("TooManyRequestsException", 429),
      outcome: throttled,
    },
    {
      name: "413",
      answer: restError("PayloadTooLargeException", 413),
      outcome: refused("too-long"),
    },
    {
      name: "404",
      answer: restError("NotFoundException", 404),
      outcome: refused("misconfigured"),
    },
    {
      name: "500",
      answer: restError("InternalServerErrorException", 500),
      outcome: { unsure: "carrier-failed" },
    },
  ],
};
