import { conversationKey } from "@holdline/channels";
import { OfferMade } from "@holdline/events";
import { derivedId, type Ingress } from "@holdline/runtime";
import * as z from "zod";
import type { SettingsPort } from "../settings/index.ts";

/** What Amazon Connect gives a function that a flow invokes (Admin guide, "Invoke Lambda functions"). */
export const ContactFlowEvent = z.object({
  Name: z.literal("ContactFlowEvent"),
  Details: z.object({
    ContactData: z.object({
      ContactId: z.string().min(1).max(256),
      CustomerEndpoint: z.object({ Address: z.string() }).nullable(),
      SystemEndpoint: z.object({ Address: z.string() }).nullish(),
      LanguageCode: z.string().nullish(),
    }),
    // A reference to an attribute that is not set comes as nothing.
    Parameters: z.record(z.string(), z.string().nullable()).default({}),
  }),
});
type CallDetails = z.output<typeof ContactFlowEvent>["Details"];

const e164 = /^\+[1-9]\d{6,14}$/;
const seconds = (value: string | null | undefined): number => {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
};

const producer = "opt-in";

/** The id of the offer that is made to a caller: one for each call, as the ingress derives it. */
export const offerId = ({ ContactData }: CallDetails): string =>
  derivedId(producer, ContactData.ContactId);

/** Our number that a caller is texted from: as the flow says, the one they called where it can text, else our first. */
export function texting(
  { ContactData, Parameters }: CallDetails,
  settings: SettingsPort,
  businessNumbers: readonly string[],
): string {
  const called = ContactData.SystemEndpoint?.Address ?? "";
  if (Parameters.smsNumber) return Parameters.smsNumber;
  return settings.number(called) ? called : (businessNumbers[0] ?? "");
}

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
    const details = ContactFlowEvent.parse(raw).Details;
    const { ContactData, Parameters } = details;
    const customer = ContactData.CustomerEndpoint?.Address ?? "";
    const business = texting(details, settings, businessNumbers);
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
    await ingress.admit(producer, ContactData.ContactId, offer);
    return { offered: "true", reason: "", smsNumber: business };
  };
}
