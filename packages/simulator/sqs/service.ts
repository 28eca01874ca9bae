import { AwsError } from "../aws-error.ts";
import type { Service } from "../http/operation.ts";

// SQS speaks JSON now, and tells the names of its older protocol in a header: clients throw by either.
const OLDER_NAMES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

/** Simple Queue Service: JSON-RPC 1.0 with the query protocol's error names in a header. */
export const sqs: Service = {
  name: "sqs",
  contentType: "application/x-amz-json-1.0",
  errorBody: (error) => ({ __type: `com.amazonaws.sqs#${error.name}`, message: error.message }),
  errorHeaders: (error) => ({
    "x-amzn-query-error": `${OLDER_NAMES[error.name] ?? error.name};${error.status < 500 ? "Sender" : "Receiver"}`,
  }),
  throttled: () => new AwsError("RequestThrottled", 403, "Rate exceeded"),
  malformed: (reason) => new AwsError("InvalidMessageContents", 400, reason),
  errors: {
    QueueDoesNotExist: 400,
    QueueNameExists: 400,
    ReceiptHandleIsInvalid: 404,
    MessageNotInflight: 400,
    InvalidMessageContents: 400,
    InvalidParameterValue: 400,
    OverLimit: 403,
    RequestThrottled: 403,
    InternalError: 500,
    ServiceUnavailable: 503,
  },
};

/** The refusal of a parameter. */
export function badParameter(text: string): AwsError {
  return new AwsError("InvalidParameterValue", 400, text);
}
