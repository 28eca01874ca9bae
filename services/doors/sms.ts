import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Channel,
  conversationKey,
  digestKey,
  type Polled,
  receiptPlace,
  type SqsPollerOptions,
  sqsPoller,
  textPlace,
} from "@holdline/channels";
import { EventDeadLettered, InboundArrived, ReceiptArrived } from "@holdline/events";
import { DeadLetter, type Ingress } from "@holdline/runtime";
import type { Log } from "../log.ts";
import type { Settings } from "../settings/index.ts";

export interface SmsDoor {
  readonly channel: Channel;
  readonly ingress: Ingress;
  readonly sqs: SQSClient;
  readonly queues: Settings["queues"];
  readonly secret: string;
  /** Whether the process before this one may have died with texts in hand. */
  readonly unclean: boolean;
  readonly log: Log;
  /** Told up to which time (epoch ms) the carrier's receipts have arrived. */
  readonly onReceiptsHeard?: (until: number) => void;
  readonly signal: AbortSignal;
}

const mostBytes = 65_536;

/**
 * Takes customers' texts and the carrier's receipts from their queues, and says that they arrived.
 *
 * Nothing is dropped here: a body nobody can read arrives under a key made of its digest and is
 * dead-lettered by ingest; one that is too large to keep is dead-lettered by its digest alone.
 */
export async function smsDoor(door: SmsDoor): Promise<void> {
  const { channel, queues } = door;
  const { onReceiptsHeard: onHeard } = door;
  await Promise.all([
    listen(door, {
      queueUrl: queues.inbound,
      placeOf: textPlace,
      onMessage: (message) =>
        arrived(door, message, InboundArrived, (raw) => {
          const { messageId, business, customer } = channel.read(raw);
          return { id: messageId, business, customer };
        }),
    }),
    listen(door, {
      queueUrl: queues.delivery,
      placeOf: receiptPlace,
      onMessage: (message) =>
        arrived(door, message, ReceiptArrived, (raw) => {
          const { carrierId, status, at, business, customer } = channel.readReceipt(raw);
          return { id: `${carrierId}:${status}:${at}`, business, customer };
        }),
      // Short polls, so that silence is noticed: it is evidence too.
      waitSeconds: 2,
      ...(onHeard && { onHeard }),
    }),
  ]);
}

type Listening = Pick<
  SqsPollerOptions,
  "queueUrl" | "placeOf" | "onMessage" | "waitSeconds" | "onHeard"
>;

function listen({ sqs, unclean, signal, log }: SmsDoor, listening: Listening): Promise<void> {
  const queue = listening.queueUrl.split("/").at(-1);
  return sqsPoller({
    ...{ client: sqs, signal, unclean, ...listening },
    onTrouble: ({ doing, error, afterMs }) =>
      log.warn({ queue, doing, error: named(error), afterMs }, "queue trouble"),
  });
}

/** The name of an error alone: its message may quote a customer. */
const named = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

interface Addressed {
  readonly id: string;
  readonly business: string;
  readonly customer: string;
}

async function arrived(
  { channel, ingress, secret }: SmsDoor,
  { body, at }: Polled,
  Arrived: typeof InboundArrived | typeof ReceiptArrived,
  address: (raw: string) => Addressed,
): Promise<void> {
  const raw = body.toWellFormed();
  const digest = digestKey(raw);
  const bytes = Buffer.byteLength(raw);
  if (bytes > mostBytes) {
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

function addressOf(raw: string, address: (raw: string) => Addressed): Addressed | undefined {
  try {
    return address(raw);
  } catch (error) {
    if (error instanceof DeadLetter) return undefined;
    throw error;
  }
}
