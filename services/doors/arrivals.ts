import { type Brought, type Channel, conversationKey, digestKey } from "@holdline/channels";
import { EventDeadLettered, InboundArrived, ReceiptArrived } from "@holdline/events";
import { DeadLetter, type Ingress } from "@holdline/runtime";

/** What it takes to let in what a carrier brought, however it was brought. */
export interface Arriving {
  readonly channel: Channel;
  readonly ingress: Ingress;
  readonly secret: string;
}

/**
 * Says that a customer's text arrived; `at` is when it was published (epoch ms).
 *
 * Nothing is dropped here: a body nobody can read arrives under a key made of its digest and is
 * dead-lettered by ingest; one that is too large to keep is dead-lettered by its digest alone.
 */
export const textArrived = (door: Arriving, body: string, at: number): Promise<void> =>
  arrived(door, body, at, InboundArrived, (raw) => {
    const { messageId, business, customer } = door.channel.read(raw);
    return { id: messageId, business, customer };
  });

/** Says that the carrier told what became of a text of ours, by the same rules. */
export const receiptArrived = (door: Arriving, body: string, at: number): Promise<void> =>
  arrived(door, body, at, ReceiptArrived, (raw) => {
    const { carrierId, status, at, business, customer } = door.channel.readReceipt(raw);
    return { id: `${carrierId}:${status}:${at ?? ""}`, business, customer };
  });

/** The line that what was brought keeps its order in: its conversation's, or its own where nobody can read it. */
export function lineOf({ channel, secret }: Omit<Arriving, "ingress">, { is, raw }: Brought) {
  const read: (raw: string) => Parties = is === "text" ? channel.read : channel.readReceipt;
  const known = addressOf(raw, read);
  return known
    ? conversationKey(secret, channel.name, known.business, known.customer)
    : digestKey(raw);
}

interface Parties {
  readonly business: string;
  readonly customer: string;
}

interface Addressed extends Parties {
  readonly id: string;
}

/** The largest body that is kept whole. */
export const mostBytes = 65_536;

/** And as it is spelt in an event, where a control character takes six bytes: an event too large would never get in. */
const mostSpelt = 2 * mostBytes;

async function arrived(
  { channel, ingress, secret }: Arriving,
  body: string,
  at: number,
  Arrived: typeof InboundArrived | typeof ReceiptArrived,
  address: (raw: string) => Addressed,
): Promise<void> {
  const raw = body.toWellFormed();
  const digest = digestKey(raw);
  const bytes = Buffer.byteLength(raw);
  if (bytes > mostBytes || Buffer.byteLength(JSON.stringify(raw)) > mostSpelt) {
    const event = { digest, bytes };
    const letter = { stage: "sms-door", code: "too-large", stack: null, event };
    await ingress.admit(
      "sms-door",
      digest,
      EventDeadLettered({ conversationId: digest, ...letter }),
    );
    return;
  }
  const known = addressOf(raw, address);
  const arrivedAt = new Date().toISOString();
  await ingress.admit(
    channel.name,
    known?.id ?? digest,
    Arrived({
      conversationId: known
        ? conversationKey(secret, channel.name, known.business, known.customer)
        : digest,
      channel: channel.name,
      raw,
      carrierId: known?.id ?? digest,
      carrierTime: instant(at) ?? arrivedAt,
      arrivedAt,
    }),
  );
}

/** A time as events spell it; nothing for one beyond the years of four digits, which no event can hold. */
const instant = (ms: number): string | undefined =>
  ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : undefined;

function addressOf<Of extends Parties>(raw: string, address: (raw: string) => Of): Of | undefined {
  try {
    return address(raw);
  } catch (error) {
    if (error instanceof DeadLetter) return undefined;
    throw error;
  }
}
