/** The ways a call to Connect or to its participant service goes wrong, as far as anybody acts on them. */
export type Trouble =
  /** The token is no longer good, or the chat is over. */
  | "denied"
  /** Over a rate: clears in a second. */
  | "throttled"
  /** Over the number of concurrent chats: does not clear in a second. */
  | "too-many-chats"
  /** Asking the same again cannot help. */
  | "not-valid"
  /** Timeout, reset, 5xx: nobody knows whether it was done. */
  | "unavailable";

// Both quotas answer 429 and only the name tells them apart (Connect API reference, StartChatContact).
const byName: Readonly<Record<string, Trouble>> = {
  AccessDeniedException: "denied",
  ConflictException: "unavailable",
  InternalServerException: "unavailable",
  InternalServiceException: "unavailable",
  InvalidParameterException: "not-valid",
  InvalidRequestException: "not-valid",
  LimitExceededException: "too-many-chats",
  ResourceNotFoundException: "not-valid",
  ServiceQuotaExceededException: "too-many-chats",
  ThrottlingException: "throttled",
  TooManyRequests: "throttled",
  TooManyRequestsException: "throttled",
  ValidationException: "not-valid",
};

const byStatus: Readonly<Record<number, Trouble>> = {
  400: "not-valid",
  403: "denied",
  404: "not-valid",
  429: "throttled",
};

/** What an error thrown by an SDK client means. Without an answer from the service it is `unavailable`. */
export function troubleOf(error: unknown): Trouble {
  const { name, $metadata } = error as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return (
    (name === undefined ? undefined : byName[name]) ??
    byStatus[$metadata?.httpStatusCode ?? 0] ??
    "unavailable"
  );
}
