import { randomUUID } from "node:crypto";
import { ACCOUNT } from "../identity.ts";
import { table } from "../journal/table.ts";
import { DELIVERY, INBOUND, type Topics } from "../sns/topics.ts";
import type { World } from "../world.ts";
import type { BusinessNumber, Numbers } from "./numbers.ts";
import { partsOf } from "./parts.ts";
import type { PhoneKind, Phones } from "./phones.ts";

/** A text on its way to a phone. */
export interface Outbound {
  readonly from: BusinessNumber;
  readonly to: string;
  readonly text: string;
  readonly messageType: "TRANSACTIONAL" | "PROMOTIONAL";
  readonly context: Readonly<Record<string, string>>;
}

/** What stands between the business and the phones. */
export interface Carrier {
  /** Takes a text for a phone, and says its message id. Delivery events follow. */
  deliver(outbound: Outbound): string;
  /** Takes a text from a phone, and says its inbound message id. */
  receive(
    phone: string,
    to: BusinessNumber,
    text: string,
  ): { readonly id: string; readonly at: number };
  /** Goes on with deliveries that an earlier run began. */
  restore(): void;
  forget(): void;
}

type Delivery = Outbound & {
  readonly id: string;
  readonly requestedAt: number;
  /** How many of the steps have happened. */
  readonly done: number;
  readonly nextAt: number;
};

type Step = {
  readonly afterMs: number;
  readonly status: string;
  readonly says: string;
  readonly final?: boolean;
};

const QUEUED: Step = { afterMs: 0, status: "QUEUED", says: "Message is queued" };
const SENT: Step = {
  afterMs: 100,
  status: "SENT",
  says: "Message has been sent to the phone carrier",
};
const last = (status: string, says: string): Step => ({ afterMs: 300, status, says, final: true });
const STEPS: Readonly<Record<PhoneKind, readonly Step[]>> = {
  mobile: [QUEUED, SENT, last("DELIVERED", "Message has been accepted by phone")],
  landline: [QUEUED, last("INVALID", "Destination phone number is not a mobile number")],
  off: [QUEUED, SENT, last("UNREACHABLE", "Phone is currently unreachable or unavailable")],
  blocked: [QUEUED, SENT, last("CARRIER_BLOCKED", "Phone carrier has blocked this message")],
};

// Keywords count as the first word, in any case, in the mode where AWS answers them.
const STOPS = new Set("ARRET CANCEL END OPT-OUT OPTOUT QUIT REMOVE STOP TD UNSUBSCRIBE".split(" "));
const STARTS = new Set(["START", "UNSTOP"]);

/** The carrier, its deliveries kept in the journal. */
export function carrier(world: World, numbers: Numbers, phones: Phones, topics: Topics): Carrier {
  const deliveries = table<Delivery>(world.journal, "delivery");
  // Whatever was begun before a reset is not to speak after it.
  let era = 0;

  const schedule = (delivery: Delivery) => {
    const bornIn = era;
    world.timers.at(delivery.nextAt, () => {
      if (bornIn === era) step(delivery);
    });
  };
  const step = (delivery: Delivery) => {
    const steps = STEPS[phones.kind(delivery.to)];
    const now = steps[Math.min(delivery.done, steps.length - 1)] ?? QUEUED;
    phones.setStatus(delivery.id, now.status);
    topics.publish(DELIVERY, deliveryEvent(delivery, now));
    const next = now.final ? undefined : steps[delivery.done + 1];
    if (!next) {
      deliveries.remove(delivery.id);
      return;
    }
    const nextAt = Date.now() + world.scaled(next.afterMs);
    const going = { ...delivery, done: delivery.done + 1, nextAt };
    deliveries.put(going.id, going);
    schedule(going);
  };
  const deliver = (outbound: Outbound) => {
    const id = randomUUID();
    const now = Date.now();
    phones.add({
      id,
      phone: outbound.to,
      number: outbound.from.address,
      direction: "in",
      text: outbound.text,
      at: now,
      status: "QUEUED",
    });
    step({ ...outbound, id, requestedAt: now, done: 0, nextAt: now });
    return id;
  };
  const answer = (from: BusinessNumber, to: string, text: string) =>
    deliver({ from, to, text, messageType: "TRANSACTIONAL", context: {} });
  const answerKeyword = (phone: string, to: BusinessNumber, text: string) => {
    const word = text.trim().split(/\s+/)[0]?.toUpperCase() ?? "";
    if (STOPS.has(word)) {
      numbers.optOut(phone, true);
      answer(to, phone, "You are unsubscribed and will receive no more messages.");
    } else if (STARTS.has(word)) {
      numbers.optIn(phone);
      answer(to, phone, "You are subscribed again.");
    } else if (word === "HELP") answer(to, phone, "Reply STOP to receive no more messages.");
  };

  return {
    deliver,
    receive(phone, to, text) {
      const id = randomUUID();
      const texts = phones.of(phone);
      const sent = texts.findLast(({ direction }) => direction === "out");
      // No phone sends two texts in one millisecond, and nothing but their times tells which came first.
      const at = Math.max(Date.now(), (sent?.at ?? 0) + 1);
      const previous = texts.findLast(({ direction }) => direction === "in");
      phones.add({ id, phone, number: to.address, direction: "out", text, at, status: "sent" });
      if (to.optOut === "aws") answerKeyword(phone, to, text);
      // Whether keywords that AWS answers reach the topic as well is not documented; here they do.
      const event = {
        originationNumber: phone,
        destinationNumber: to.address,
        messageKeyword: `KEYWORD_${ACCOUNT}`,
        messageBody: text,
        inboundMessageId: id,
        ...(previous && { previousPublishedMessageId: previous.id }),
      };
      topics.publish(INBOUND, event, { at });
      return { id, at };
    },
    restore() {
      for (const delivery of deliveries.values()) schedule(delivery);
    },
    forget() {
      era++;
      deliveries.clear();
    },
  };
}

function deliveryEvent(delivery: Delivery, step: Step) {
  const { count, encoding } = partsOf(delivery.text);
  return {
    eventType: `TEXT_${step.status}`,
    eventVersion: "1.0",
    eventTimestamp: Date.now(),
    isFinal: step.final === true,
    originationPhoneNumber: delivery.from.address,
    destinationPhoneNumber: delivery.to,
    isoCountryCode: "US",
    isInternationalSend: false,
    mcc: "310",
    mnc: "800",
    carrierName: "Example Mobile",
    messageId: delivery.id,
    messageRequestTimestamp: delivery.requestedAt,
    messageEncoding: encoding,
    messageType: delivery.messageType,
    messageStatus: step.status,
    messageStatusDescription: step.says,
    context: delivery.context,
    totalMessageParts: count,
    totalMessagePrice: priceOf(count),
    totalCarrierFee: 0.003 * count,
  };
}

/** What a text costs, in US dollars, before the carrier's fee. */
export function priceOf(parts: number): number {
  return Number((0.00581 * parts).toFixed(5));
}
