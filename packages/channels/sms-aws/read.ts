import type { Inbound, Receipt } from "../channel.ts";
import { normalAddress } from "../conversation-key.ts";
import { harmless } from "../text/mend.ts";
import { unreadable, unwrap } from "./envelope.ts";
import { PinpointEvent, pinpointEvents, TextEvent, TwoWayText, textEvents } from "./wire.ts";

/** Says which fields were wrong, and nothing of what was in them. */
const complaint = (issues: readonly { path: PropertyKey[]; code: string }[]) =>
  issues.map(({ path, code }) => `${path.join(".") || "body"}: ${code}`).join(", ");

/** Reads a two-way text out of whatever envelope it came in. */
export function readText(raw: string): Inbound {
  const text = TwoWayText.safeParse(unwrap(raw).payload);
  if (!text.success) throw unreadable(`not a two-way text (${complaint(text.error.issues)})`);
  return {
    messageId: text.data.inboundMessageId,
    business: normalAddress(text.data.destinationNumber),
    customer: normalAddress(text.data.originationNumber),
    text: harmless(text.data.messageBody),
    // Two-way MMS is not offered inbound (End User Messaging SMS guide): a picture never gets here.
    attachments: [],
  };
}

/** Reads a delivery event of either service out of whatever envelope it came in. */
export function readDelivery(raw: string): Receipt {
  const { payload } = unwrap(raw);
  const event = TextEvent.safeParse(payload);
  if (event.success) return textReceipt(event.data);
  const streamed = PinpointEvent.safeParse(payload);
  if (streamed.success) return pinpointReceipt(streamed.data);
  throw unreadable(`not a delivery event (${complaint(event.error.issues)})`);
}

function textReceipt(event: ReturnType<typeof TextEvent.parse>): Receipt {
  const meaning = textEvents[event.eventType] ?? "under-way";
  return {
    business: normalAddress(event.originationPhoneNumber),
    customer: normalAddress(event.destinationPhoneNumber),
    carrierId: event.messageId,
    token: event.context?.token ?? null,
    status: event.eventType,
    outcome: settled(meaning, event.isFinal),
    final: event.isFinal,
    at: instant(event.eventTimestamp),
  };
}

function settled(meaning: (typeof textEvents)[string], final: boolean): Receipt["outcome"] {
  if (meaning === "delivered-when-final") return final ? "delivered" : "under-way";
  if (meaning === "undelivered-when-final") return final ? "undelivered" : "under-way";
  return meaning;
}

function pinpointReceipt(event: ReturnType<typeof PinpointEvent.parse>): Receipt {
  const { attributes } = event;
  const { outcome, final } = pinpointEvents[event.event_type] ?? {
    outcome: "under-way",
    final: false,
  };
  // A FAILURE with UNKNOWN is Pinpoint giving up after 72 hours without a word, not a failure.
  const unknown = attributes.record_status === "UNKNOWN";
  return {
    business: normalAddress(attributes.origination_phone_number),
    customer: normalAddress(attributes.destination_phone_number),
    carrierId: attributes.message_id,
    token: event.client_context?.custom?.token ?? tokenIn(attributes.customer_context),
    status: attributes.record_status
      ? `${event.event_type} ${attributes.record_status}`
      : event.event_type,
    outcome: unknown ? "under-way" : outcome,
    final,
    at: instant(event.event_timestamp),
  };
}

function tokenIn(context: string | undefined): string | null {
  if (context === undefined) return null;
  try {
    const token: unknown = JSON.parse(context)?.token;
    return typeof token === "string" ? token : null;
  } catch {
    return null;
  }
}

function instant(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw unreadable("a time that is none");
  return date.toISOString();
}
