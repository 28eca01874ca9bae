import { AwsError } from "../aws-error.ts";
import type { Service } from "../http/operation.ts";

const CONFLICTS = new Set([
  "DESTINATION_PHONE_NUMBER_OPTED_OUT",
  "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
  "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
  "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
  "MESSAGE_TYPE_MISMATCH",
  "NO_ORIGINATION_IDENTITIES_FOUND",
  "NUMBER_CAPABILITIES_MISMATCH",
  "RESOURCE_NOT_ACTIVE",
]);
const SPENT = new Set(["MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"]);
const INVALID = new Set([
  "PRICE_OVER_THRESHOLD",
  "DESTINATION_COUNTRY_BLOCKED",
  "INVALID_PARAMETER",
  "COUNTRY_NOT_ENABLED",
]);
const DENIED = new Set(["INSUFFICIENT_ACCOUNT_REPUTATION", "ACCOUNT_DISABLED"]);

/** End User Messaging SMS: JSON-RPC 1.0, with a Reason in most errors. */
export const smsVoice: Service = {
  name: "sms-voice",
  contentType: "application/x-amz-json-1.0",
  errorBody: (error) => ({
    __type: `com.amazonaws.smsvoice#${error.name}`,
    Message: error.message,
    ...error.fields,
  }),
  throttled: () => new AwsError("ThrottlingException", 400, "Rate exceeded"),
  malformed: (reason) =>
    new AwsError("ValidationException", 400, reason, { Reason: "CANNOT_PARSE" }),
  errors: {
    AccessDeniedException: 400,
    ConflictException: 400,
    InternalServerException: 500,
    ResourceNotFoundException: 400,
    ServiceQuotaExceededException: 400,
    ThrottlingException: 400,
    ValidationException: 400,
  },
  byReason(reason) {
    if (CONFLICTS.has(reason)) return conflict(reason, "Made to fail by the simulator.");
    if (SPENT.has(reason)) return spendLimit();
    if (INVALID.has(reason)) return invalidRequest("Made to fail by the simulator.", reason);
    if (DENIED.has(reason))
      return new AwsError("AccessDeniedException", 400, "Access denied", { Reason: reason });
    return undefined;
  },
};

/** The refusal of a request's shape: a Reason, and the field that is wrong. */
export function invalidField(text: string, member: string): AwsError {
  return new AwsError("ValidationException", 400, text, {
    Reason: "FIELD_VALIDATION_FAILED",
    Fields: [{ Name: member, Message: text }],
  });
}

/** The refusal of what is well-formed and still not possible. */
export function invalidRequest(text: string, reason: string): AwsError {
  return new AwsError("ValidationException", 400, text, { Reason: reason });
}

/** The refusal that a state of things causes, such as an opted-out phone. */
export function conflict(
  reason: string,
  text: string,
  resource: { readonly ResourceType?: string; readonly ResourceId?: string } = {},
): AwsError {
  return new AwsError("ConflictException", 400, text, { Reason: reason, ...resource });
}

/** The refusal when the month's money is spent. */
export function spendLimit(): AwsError {
  return new AwsError("ServiceQuotaExceededException", 400, "The monthly spend limit is reached.", {
    Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
  });
}

/** The refusal of a name that nothing has. */
export function notFound(text: string, type: string, id: string): AwsError {
  return new AwsError("ResourceNotFoundException", 400, text, {
    ResourceType: type,
    ResourceId: id,
  });
}
