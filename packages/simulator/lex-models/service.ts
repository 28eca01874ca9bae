import { AwsError } from "../aws-error.ts";
import type { Operation, Rate, Service } from "../http/operation.ts";

/** Lex V2's side for building bots: REST-JSON, lower-case message. */
export const lexModelsV2: Service = {
  name: "lex-models-v2",
  contentType: "application/json",
  errorBody: (error) => ({ message: error.message }),
  throttled: () => new AwsError("ThrottlingException", 429, "Rate exceeded"),
  malformed: (reason) => new AwsError("ValidationException", 400, reason),
  errors: {
    ConflictException: 409,
    InternalServerException: 500,
    PreconditionFailedException: 412,
    ResourceNotFoundException: 404,
    ServiceQuotaExceededException: 402,
    ThrottlingException: 429,
    ValidationException: 400,
  },
};

/** An error of Lex V2's side for building bots. */
export const v2Error = (name: string, text: string): AwsError =>
  new AwsError(name, lexModelsV2.errors[name] ?? 500, text);

/** Lex V1's side for building bots: the same protocol, other names. */
export const lexModelsV1: Service = {
  name: "lex-models-v1",
  contentType: "application/json",
  errorBody: (error) => ({ message: error.message, ...error.fields }),
  throttled: () => new AwsError("LimitExceededException", 429, "Rate exceeded"),
  malformed: (reason) => new AwsError("BadRequestException", 400, reason),
  errors: {
    BadRequestException: 400,
    ConflictException: 409,
    InternalFailureException: 500,
    LimitExceededException: 429,
    NotFoundException: 404,
    PreconditionFailedException: 412,
    ResourceInUseException: 400,
  },
};

/** An error of Lex V1's side for building bots. */
export const v1Error = (
  name: string,
  text: string,
  fields: Readonly<Record<string, unknown>> = {},
): AwsError => new AwsError(name, lexModelsV1.errors[name] ?? 500, text, fields);

// Documented is only that there are quotas: this is what builders of bots report to get.
const building = (service: Service): Rate => ({ bucket: service.name, perSecond: 10, burst: 20 });

/** An operation of a service that builds bots; all of one service share a rate. */
export const operationOf =
  (service: Service) =>
  (name: string, answer: Operation["answer"], status = 200): Operation => ({
    ...{ name, service, answer, status },
    rate: building(service),
  });

/** A moment as the wire has it: seconds. */
export const seconds = (epochMs: number): number => epochMs / 1_000;

/** A page of a list, and the token of the next one where there is more. */
export function page<T>(
  all: readonly T[],
  maxResults: number,
  token: string | null | undefined,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const from = token ? Number(Buffer.from(token, "base64url").toString()) : 0;
  const to = from + maxResults;
  const items = all.slice(from, to);
  if (to >= all.length) return { items };
  return { items, nextToken: Buffer.from(String(to)).toString("base64url") };
}
