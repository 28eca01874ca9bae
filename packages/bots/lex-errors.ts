import { DeadLetter, Retry } from "@holdline/runtime";
import type { Answer } from "./bot.ts";

/** How a failed request is taken: the bot's failure is an answer, ours is for a person, the rest may pass. */
type Reading =
  | "bot-failed"
  | "bot-misconfigured"
  | { readonly retry: string; readonly counts: boolean; readonly afterMs?: number };

/** Another text of the same conversation is being understood right now; that takes well under a second. */
const busy = { retry: "bot-conflict", counts: true, afterMs: 250 } as const;
const throttled = { retry: "bot-throttled", counts: false } as const;
const keys = { retry: "bot-credentials", counts: true } as const;

/** By name of exception (service models lexv2-runtime 2020-08-07 and lex-runtime 2016-11-28). */
const exceptions: Readonly<Record<string, Reading>> = {
  ConflictException: busy,
  ThrottlingException: throttled,
  // V1's word for throttling; also its limit of concurrent conversations.
  LimitExceededException: throttled,
  // The bot's Lambda, not Lex.
  DependencyFailedException: "bot-failed",
  BadGatewayException: "bot-failed",
  LoopDetectedException: "bot-failed",
  ValidationException: "bot-misconfigured",
  BadRequestException: "bot-misconfigured",
  ResourceNotFoundException: "bot-misconfigured",
  NotFoundException: "bot-misconfigured",
  AccessDeniedException: "bot-misconfigured",
  NotAcceptableException: "bot-misconfigured",
  UnsupportedMediaTypeException: "bot-misconfigured",
  RequestTimeoutException: { retry: "bot-silent", counts: true },
  InternalServerException: { retry: "bot-unavailable", counts: true },
  InternalFailureException: { retry: "bot-unavailable", counts: true },
  // A key that expired lasts until somebody rotates it: worth waiting for.
  ExpiredTokenException: keys,
  UnrecognizedClientException: keys,
  InvalidSignatureException: keys,
  CredentialsProviderError: keys,
};

interface Thrown {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined };
  readonly retryAfterSeconds?: string;
}

function readingOf({ name, $metadata }: Thrown): Reading {
  const named = exceptions[name ?? ""];
  if (named) return named;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return { retry: "bot-silent", counts: true };
  if (status === 409) return busy;
  if (status === 429) return throttled;
  if (status >= 400 && status < 500) return "bot-misconfigured";
  return { retry: "bot-unavailable", counts: true };
}

/** What `ask` owes when the request failed: asking twice is harmless, so doubt is a reason to ask again. */
export function failedAnswer(error: unknown): Answer {
  const reading = readingOf((error ?? {}) as Thrown);
  if (reading === "bot-failed") return { answered: false, reason: "bot-failed" };
  if (reading === "bot-misconfigured") throw new DeadLetter(reading, { cause: error });
  const { retry, ...terms } = reading;
  throw new Retry(retry, { ...terms, cause: error });
}
