import { conversationKey } from "@holdline/channels";
import type { Stage, StateStore } from "@holdline/runtime";
import { classify } from "../classify.ts";
import { outboundSms } from "../outbound-sms.ts";
import { receipts } from "../receipts.ts";
import type { SettingsPort } from "../settings/index.ts";
import { ContactFlowEvent, offerId, texting } from "./opt-in.ts";

/** What has become of the offer that was made to a caller. */
export type OfferStatus = { status: "waiting" | "delivered" | "accepted" | "declined" };

/** Long enough to read a record; a door that dies with it blocks a conversation no longer. */
const readMs = 2_000;

/**
 * The function that the flow of a caller in the queue invokes again and again: whether the text is on their
 * phone, or answered, so that the call may end. It changes nothing.
 *
 * It knows what the stages know: classify whether the offer of this call was answered, receipts whether its
 * text has arrived. A record that somebody has in hand is asked for next time.
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

/** What a stage knows of a conversation; nothing while it has it in hand. */
async function stateOf<State>(
  store: StateStore,
  // biome-ignore lint/suspicious/noExplicitAny: a stage of any events and ports
  { name, state }: Stage<any, any, any, State>,
  key: string,
): Promise<State | undefined> {
  const work = { stage: name, key };
  const claim = await store.claim(work, { leaseMs: readMs, gapMs: 0 });
  if ("token" in claim) await store.release(work, claim.token);
  if (claim.claim !== "mine" || !claim.record.state) return undefined;
  return state?.schema.safeParse(claim.record.state.value).data as State | undefined;
}
