import { conversationKey } from "@holdline/channels";
import type { StateStore } from "@holdline/runtime";
import { classify } from "../classify.ts";
import { outboundSms } from "../outbound-sms.ts";
import { receipts } from "../receipts.ts";
import type { SettingsPort } from "../settings/index.ts";
import { stateOf } from "../stage-state.ts";
import { ContactFlowEvent, offerId, texting } from "./opt-in.ts";

/** What has become of the offer that was made to a caller. */
export type OfferStatus = { status: "waiting" | "delivered" | "accepted" | "declined" };

/**
 * The function that the flow of a caller in the queue invokes again and again: whether the text is on their
 * phone, or answered, so that the call may end. It changes nothing.
 *
 * It knows what the stages know: classify whether the offer of this call was answered, receipts whether its
 * text has arrived.
 */
export function offerStatus(
  store: StateStore,
  settings: SettingsPort,
  businessNumbers: readonly string[],
  secret: string,
) {
  return async (raw: unknown): Promise<OfferStatus> => {
    const details = ContactFlowEvent.parse(raw).Details;
    const business = texting(details, settings, businessNumbers);
    const customer = details.ContactData.CustomerEndpoint?.Address ?? "";
    const number = settings.number(business);
    if (!number) return { status: "waiting" };
    const key = conversationKey(secret, number.channel, business, customer);
    const known = await stateOf(store, classify, key);
    // An offer of an earlier call says nothing about this one.
    const { offer, consent } = known ?? {};
    if (offer?.madeBy !== offerId(details)) return { status: "waiting" };
    if (consent === "given") return { status: "accepted" };
    if (consent === "declined" || consent === "stopped") return { status: "declined" };
    const { arrived = [] } = (await stateOf(store, receipts, key)) ?? {};
    const parts = `${outboundSms.name}/${offer.draft}/`;
    const isThere = arrived.some((token) => token.startsWith(parts));
    return { status: isThere ? "delivered" : "waiting" };
  };
}
