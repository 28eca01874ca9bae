import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Operation, type Service, valid } from "../http/operation.ts";
import type { Numbers } from "./numbers.ts";
import type { Outgoing } from "./outgoing.ts";

/** Pinpoint, whose SMS outlives it: REST-JSON. */
export const pinpoint: Service = {
  name: "pinpoint",
  contentType: "application/json",
  errorBody: (error) => ({ Message: error.message, RequestID: randomUUID(), ...error.fields }),
  throttled: () => new AwsError("TooManyRequestsException", 429, "Too Many Requests"),
  malformed: (reason) => new AwsError("BadRequestException", 400, reason),
  errors: {
    BadRequestException: 400,
    ForbiddenException: 403,
    NotFoundException: 404,
    MethodNotAllowedException: 405,
    ConflictException: 409,
    PayloadTooLargeException: 413,
    TooManyRequestsException: 429,
    InternalServerErrorException: 500,
  },
};

const Context = z.record(z.string(), z.string()).nullish();
const Address = z.object({
  ChannelType: z.literal("SMS"),
  BodyOverride: z.string().min(1).max(1_600).nullish(),
  Context,
});
const Request = z.object({
  Addresses: z
    .record(z.string().min(1), Address)
    .refine((addresses) => Object.keys(addresses).length > 0, "must name an address")
    .refine((addresses) => Object.keys(addresses).length <= 100, "at most 100 addresses"),
  MessageConfiguration: z.object({
    SMSMessage: z.object({
      Body: z.string().min(1).max(1_600).nullish(),
      MessageType: z.enum(["TRANSACTIONAL", "PROMOTIONAL"]).nullish(),
      OriginationNumber: z.string().nullish(),
      SenderId: z.string().nullish(),
      Keyword: z.string().nullish(),
    }),
  }),
  TraceId: z.string().nullish(),
  Context,
});

type Result = {
  readonly DeliveryStatus: string;
  readonly StatusCode: number;
  readonly StatusMessage: string;
  readonly MessageId?: string;
};

const no = (DeliveryStatus: string, StatusCode: number, StatusMessage: string): Result => ({
  DeliveryStatus,
  StatusCode,
  StatusMessage,
});

/** Sends a text to some addresses. It answers 200 whatever becomes of each: only `Result` tells. */
export function sendMessages(numbers: Numbers, outgoing: Outgoing): Operation {
  return {
    name: "SendMessages",
    service: pinpoint,
    answer({ body, path }) {
      const request = valid(Request, body, pinpoint.malformed);
      const sms = request.MessageConfiguration.SMSMessage;
      const from = sms.OriginationNumber
        ? numbers.find(sms.OriginationNumber)
        : [...numbers.all()][0];
      const one = (to: string, address: z.infer<typeof Address>): Result => {
        const text = address.BodyOverride ?? sms.Body;
        if (!from) return no("PERMANENT_FAILURE", 400, "OriginationNumber is not one of ours");
        if (!text) return no("PERMANENT_FAILURE", 400, "Body is missing");
        if (!/^\+?[1-9][0-9]{1,18}$/.test(to))
          return no("PERMANENT_FAILURE", 400, "Invalid phone number");
        const result = outgoing.send({
          from,
          to: to.startsWith("+") ? to : `+${to}`,
          text,
          messageType: sms.MessageType ?? "TRANSACTIONAL",
          context: { ...request.Context, ...address.Context },
        });
        if ("sent" in result)
          return {
            ...no("SUCCESSFUL", 200, `MessageId: ${result.sent}`),
            MessageId: result.sent,
          };
        switch (result.refused) {
          case "opted-out":
            return no("OPT_OUT", 400, "Phone number is opted out");
          case "throttled":
            return no("THROTTLED", 429, "Throttled");
          case "spent":
            return no("TEMPORARY_FAILURE", 400, "Quota exceeded");
        }
      };
      return {
        ApplicationId: path.ApplicationId,
        RequestId: randomUUID(),
        Result: Object.fromEntries(
          Object.entries(request.Addresses).map(([to, address]) => [to, one(to, address)]),
        ),
      };
    },
  };
}
