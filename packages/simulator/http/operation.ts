import type * as z from "zod";
import { AwsError } from "../aws-error.ts";

/** A request to an AWS operation, parsed as far as its protocol goes. */
export interface Call {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly bearer: string | undefined;
  /** Aborts when the client has gone; long polls end with it. */
  readonly signal: AbortSignal;
}

/** A rate that AWS allows: requests a second, with a burst. Operations that share a bucket share the rate. */
export interface Rate {
  readonly bucket: string;
  readonly perSecond: number;
  readonly burst: number;
}

/** How one AWS service words what it says besides its answers. */
export interface Service {
  readonly name: string;
  readonly contentType: string;
  /** The body of an error. */
  errorBody(error: AwsError): unknown;
  /** Further headers of an error. */
  errorHeaders?(error: AwsError): Readonly<Record<string, string>>;
  throttled(): AwsError;
  malformed(reason: string): AwsError;
  /** Status codes of all errors it documents, by name. */
  readonly errors: Readonly<Record<string, number>>;
  /** Reads a name of a fault that is not an error's name, such as a Reason. */
  byReason?(reason: string): AwsError | undefined;
}

/** One operation of an AWS service. */
export interface Operation {
  readonly name: string;
  readonly service: Service;
  readonly rate?: Rate;
  /** The status of an answer; 200 where it is not said. */
  readonly status?: number;
  /** Its body is bytes as they come, so many at most, and not JSON. */
  readonly bytes?: number;
  /** What only one request may use at a time, such as a bot's session; the next one meets a ConflictException. */
  exclusive?(path: Call["path"]): string;
  /** Answers, or throws an AwsError. */
  answer(call: Call): unknown;
}

/** What faults call an operation: two services have a SendMessage. */
export function faultName({ service, name }: Operation): string {
  return `${service.name}.${name}`;
}

/** What is wrong with a request, in the words AWS uses: the first problem, with the member that has it. */
export function complaint(error: z.ZodError): { readonly member: string; readonly text: string } {
  const [issue] = error.issues;
  const member = issue?.path.join(".") || "request";
  return {
    member,
    text: `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue?.message ?? "invalid"}`,
  };
}

/** A request that fits the schema, or the service's own refusal. */
export function valid<T>(
  schema: z.ZodType<T>,
  value: unknown,
  refusal: (text: string, member: string) => AwsError,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { member, text } = complaint(parsed.error);
  throw refusal(text, member);
}

/** An error of a service by the name that its model gives it. */
export function errorNamed(service: Service, name: string): AwsError | undefined {
  const status = Object.hasOwn(service.errors, name) ? service.errors[name] : undefined;
  if (status !== undefined) return new AwsError(name, status, "Made to fail by the simulator.");
  return service.byReason?.(name);
}
