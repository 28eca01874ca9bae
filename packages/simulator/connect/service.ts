import { AwsError } from "../aws-error.ts";
import type { Service } from "../http/operation.ts";
import { INSTANCE } from "../identity.ts";
import type { World } from "../world.ts";

/** Amazon Connect's administrative side: REST-JSON, errors named in a header. */
export const connect: Service = {
  name: "connect",
  contentType: "application/json",
  errorBody: (error) => ({ Message: error.message, ...error.fields }),
  // The name has no trailing "Exception" in some answers of the real service; clients treat both as throttling.
  throttled: () => new AwsError("TooManyRequestsException", 429, "Too Many Requests"),
  malformed: (reason) => new AwsError("InvalidRequestException", 400, reason),
  errors: {
    InvalidRequestException: 400,
    InvalidParameterException: 400,
    ResourceNotFoundException: 404,
    AccessDeniedException: 403,
    LimitExceededException: 429,
    TooManyRequestsException: 429,
    ThrottlingException: 429,
    InternalServiceException: 500,
  },
};

/** The refusal of a parameter that breaks its constraints. */
export function invalidParameter(text: string): AwsError {
  return new AwsError("InvalidParameterException", 400, text);
}

/** Refuses any instance but ours, given by id or ARN. */
export function checkInstance(instanceId: string): void {
  if (instanceId !== INSTANCE && !instanceId.endsWith(`:instance/${INSTANCE}`))
    throw new AwsError("ResourceNotFoundException", 404, `Instance not found: ${instanceId}`);
}

/** The chat of a contact, in the words of a service that only knows contacts. */
export function chatOf(world: World, contactId: string) {
  const chat = world.chats.find(contactId);
  if (!chat)
    throw new AwsError("ResourceNotFoundException", 404, `Contact not found: ${contactId}`);
  return chat;
}
