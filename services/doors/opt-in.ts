import { conversationKey } from "@holdline/channels";
import { OfferMade } from "@holdline/events";
import type { Ingress } from "@holdline/runtime";
import { z } from "zod";
import type { SettingsPort } from "../settings/index.ts";

/** What Amazon Connect gives a function that a flow invokes (Admin guide, "Invoke Lambda functions"). */
const ContactFlowEvent = z.object({
  Name: z.literal("ContactFlowEvent"),
  Details: z.object({
    ContactData: z.object({
      ContactId: z.string().min(1).max(256),
      CustomerEndpoint: z.object({ Address: z.string() }).nullable(),
      LanguageCode: z.string().nullish(),
    }),
    Parameters: z.record(z.string(), z.string()).default({}),
  }),
});

const e164 = /^\+[1-9]\d{6,14}$/;
const seconds = (value: string | undefined): number => {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
};

/** Flat and of strings only: what a flow can read under `$.External`. */
export type OptInAnswer = { offered: "true" | "false"; reason: string; smsNumber: string };

/**
 * The function the voice flow invokes when a caller chose text. Says `offer.made`, once per call.
 *
 * Connect asks again within its eight seconds when it is throttled or sees a failure: the same call
 * is the same offer. A request that is not Connect's is refused with an error; a caller we cannot
 * text is an answer, for the flow to say something kind.
 */
export function optIn(
  ingress: Ingress,
  settings: SettingsPort,
  businessNumbers: readonly string[],
  secret: string,
) {
  return async (raw: unknown): Promise<OptInAnswer> => {
    const { ContactData, Parameters } = ContactFlowEvent.parse(raw).Details;
    const customer = ContactData.CustomerEndpoint?.Address ?? "";
    const business = Parameters.smsNumber || (businessNumbers[0] ?? "");
    const no = (reason: string): OptInAnswer => ({ offered: "false", reason, smsNumber: business });
    const number = settings.number(business);
    if (!number) return no("not-our-number");
    if (!e164.test(customer)) return no("not-a-phone-number");
    const { channel, queue, language } = number;
    const offer = OfferMade({
      conversationId: conversationKey(secret, channel, business, customer),
      ...{ channel, business, customer },
      voiceContactId: ContactData.ContactId,
      queue: Parameters.queue || queue,
      secondsWaited: seconds(Parameters.secondsWaited),
      estimatedWaitSeconds: seconds(Parameters.estimatedWaitSeconds),
      language: Parameters.language || ContactData.LanguageCode || language,
    });
    await ingress.admit("opt-in", ContactData.ContactId, offer);
    return { offered: "true", reason: "", smsNumber: business };
  };
}
