import { AwsError } from "../aws-error.ts";
import type { Chat } from "../chat/chat.ts";
import type { Service } from "../http/operation.ts";
import type { World } from "../world.ts";

/** The participant service: REST-JSON with a bearer token and no signature. */
export const participant: Service = {
  name: "participant",
  contentType: "application/json",
  errorBody: (error) => ({ Message: error.message, ...error.fields }),
  throttled: () => new AwsError("ThrottlingException", 429, "Too Many Requests"),
  malformed: (reason) => new AwsError("ValidationException", 400, reason),
  errors: {
    AccessDeniedException: 403,
    ConflictException: 409,
    InternalServerException: 500,
    ResourceNotFoundException: 404,
    ServiceQuotaExceededException: 402,
    ThrottlingException: 429,
    ValidationException: 400,
  },
};

/** The refusal of a request that breaks its constraints. */
export function invalid(text: string): AwsError {
  return new AwsError("ValidationException", 400, text);
}

/** The refusal of a token, and of a chat that is over: the service tells neither from the other. */
export function denied(): AwsError {
  return new AwsError("AccessDeniedException", 403, "Access denied");
}

/** The live chat that a bearer token gives access to. */
export function chatByBearer(
  world: World,
  bearer: string | undefined,
  kind: "participant" | "connection",
): Chat {
  const claims = bearer ? world.tokens.read(bearer) : undefined;
  if (!claims || claims.for !== kind) throw denied();
  if (claims.expiresAt !== undefined && claims.expiresAt <= Date.now()) throw denied();
  if (kind === "connection" && claims.issuedAt <= (world.faults.now.tokensIssuedAfter ?? 0))
    throw denied();
  const chat = world.chats.find(claims.chatId);
  if (!chat || chat.state === "ended") throw denied();
  return chat;
}
