import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Operation, valid } from "../http/operation.ts";
import { priceOf } from "./carrier.ts";
import type { Numbers } from "./numbers.ts";
import type { Outgoing } from "./outgoing.ts";
import { partsOf } from "./parts.ts";
import {
  conflict,
  invalidField,
  invalidRequest,
  notFound,
  smsVoice,
  spendLimit,
} from "./service.ts";

const Request = z.object({
  DestinationPhoneNumber: z
    .string()
    .min(1)
    .max(20)
    .regex(/^\+?[1-9][0-9]{1,18}$/),
  OriginationIdentity: z.string().min(1).max(256).nullish(),
  MessageBody: z.string().min(1).max(1_600).regex(/\S/, "must not be blank"),
  MessageType: z.enum(["TRANSACTIONAL", "PROMOTIONAL"]).nullish(),
  Keyword: z.string().min(1).max(30).nullish(),
  ConfigurationSetName: z.string().min(1).max(256).nullish(),
  MaxPrice: z
    .string()
    .regex(/^[0-9]{0,2}\.[0-9]{1,5}$/)
    .nullish(),
  TimeToLive: z.int().min(5).max(259_200).nullish(),
  Context: z
    .record(z.string().regex(/^\S{1,100}$/), z.string().min(1).max(800))
    .refine((context) => Object.keys(context).length <= 5, "at most 5 pairs")
    .nullish(),
  DestinationCountryParameters: z.record(z.string(), z.string()).nullish(),
  DryRun: z.boolean().nullish(),
  ProtectConfigurationId: z.string().nullish(),
  MessageFeedbackEnabled: z.boolean().nullish(),
});

/** Sends one text. There is no client token: whoever asks twice sends twice. */
export function sendTextMessage(numbers: Numbers, outgoing: Outgoing): Operation {
  return {
    name: "SendTextMessage",
    service: smsVoice,
    answer({ body }) {
      const request = valid(Request, body, invalidField);
      const { OriginationIdentity: identity } = request;
      const from = identity ? numbers.find(identity) : [...numbers.all()][0];
      if (!from && identity)
        throw notFound("The origination identity does not exist.", "phone-number", identity);
      if (!from)
        throw conflict("NO_ORIGINATION_IDENTITIES_FOUND", "There is no number to send from.");
      const price = priceOf(partsOf(request.MessageBody).count);
      if (request.MaxPrice && price > Number(request.MaxPrice))
        throw invalidRequest("The price is over MaxPrice.", "PRICE_OVER_THRESHOLD");
      const number = request.DestinationPhoneNumber;
      const outbound = {
        from,
        to: number.startsWith("+") ? number : `+${number}`,
        text: request.MessageBody,
        messageType: request.MessageType ?? "TRANSACTIONAL",
        context: request.Context ?? {},
      };
      const result = request.DryRun ? outgoing.rehearse(outbound) : outgoing.send(outbound);
      if ("sent" in result) return { MessageId: request.DryRun ? randomUUID() : result.sent };
      switch (result.refused) {
        case "opted-out":
          throw conflict(
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
            "Destination phone number is opted out.",
            {
              ResourceType: "opt-out-list",
              ResourceId: "Default",
            },
          );
        case "spent":
          throw spendLimit();
        case "throttled":
          throw new AwsError("ThrottlingException", 400, "Rate exceeded");
      }
    },
  };
}
