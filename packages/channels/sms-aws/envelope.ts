import { DeadLetter } from "@holdline/runtime";
import { normalAddress } from "../conversation-key.ts";
import { envelopes, TextEvent, TwoWayText } from "./wire.ts";

/** What was inside the envelopes, and when SNS says it was published (epoch ms), where it says so. */
export interface Unwrapped {
  readonly payload: unknown;
  readonly publishedAt: number | undefined;
}

/** Answers the code every reading method owes for a body that is not the carrier's. */
export const unreadable = (why: string): DeadLetter =>
  new DeadLetter("unreadable", { cause: new Error(why) });

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The error of JSON.parse quotes what it read: a customer's words, in a stack that is logged.
    throw unreadable("not JSON");
  }
}

const instantOf = (timestamp: string | undefined): number | undefined => {
  const at = Date.parse(timestamp ?? "");
  return Number.isNaN(at) ? undefined : at;
};

/** The deepest real nesting: a Lambda event, its SQS record, the SNS notification within, the payload. */
const deepest = 5;

/**
 * Opens every envelope AWS puts around a payload: SNS towards SQS (raw delivery on or off), SNS and
 * SQS towards Lambda, EventBridge. A Lambda event with several records is the door's to take apart.
 */
export function unwrap(raw: string): Unwrapped {
  let payload = parsed(raw);
  let publishedAt: number | undefined;
  for (let depth = 0; depth < deepest; depth += 1) {
    const records = envelopes.records.safeParse(payload);
    if (records.success) {
      payload = records.data.Records[0];
      continue;
    }
    const inner =
      envelopes.notification.safeParse(payload).data ??
      envelopes.snsRecord.safeParse(payload).data?.Sns;
    if (inner) {
      publishedAt ??= instantOf(inner.Timestamp);
      payload = parsed(inner.Message);
      continue;
    }
    const record = envelopes.sqsRecord.safeParse(payload);
    if (record.success) {
      payload = parsed(record.data.body);
      continue;
    }
    const event = envelopes.eventBridge.safeParse(payload);
    if (!event.success) break;
    payload = event.data.detail;
  }
  return { payload, publishedAt };
}

/** Where a message stands among others: the line it keeps its order in, and its time there. */
export interface Place {
  readonly line: string;
  /** Epoch ms; nothing when the body does not say. */
  readonly at: number | undefined;
}

/** The place of a customer's text: one line per pair of numbers, in the order SNS heard of them. */
export function textPlace(raw: string): Place | undefined {
  return placed(raw, (payload) => {
    const text = TwoWayText.safeParse(payload).data;
    return (
      text && `${normalAddress(text.destinationNumber)} ${normalAddress(text.originationNumber)}`
    );
  });
}

/** The place of a delivery event: one line per text message sent. */
export function receiptPlace(raw: string): Place | undefined {
  return placed(raw, (payload) => TextEvent.safeParse(payload).data?.messageId);
}

function placed(raw: string, lineOf: (payload: unknown) => string | undefined) {
  try {
    const { payload, publishedAt } = unwrap(raw);
    const line = lineOf(payload);
    return line === undefined ? undefined : { line, at: publishedAt };
  } catch {
    // An unreadable body has no order to keep; whoever handles it will say that it is unreadable.
    return undefined;
  }
}
