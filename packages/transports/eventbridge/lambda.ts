import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "@holdline/events";
import type { Deliver } from "@holdline/runtime";
import { eventFrom } from "./envelope.ts";

/** What is needed of a record that Lambda's poller brings from a queue. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** What Lambda's poller is answered: the records to bring again (ReportBatchItemFailures). */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

export interface BatchSurroundings {
  /** Makes a record come again after a while (ChangeMessageVisibility). */
  readonly comeAgain: (record: QueueRecord, afterMs: number) => Promise<unknown>;
  /** What is left of the invocation (ms). */
  readonly remainingMs: () => number;
}

/** What one more delivery may take; a wait is only sat out while there is time for it afterwards. */
const deliveryMs = 4_000;
const waitHereMs = 1_500;

/**
 * Delivers a batch that an event source mapping brought, and says which records must come again.
 *
 * A conversation's records are delivered one after the other, by their numbers where they have them, so
 * that they do not wait for each other's lease; conversations side by side.
 */
export async function deliverBatch(
  records: readonly QueueRecord[],
  deliver: Deliver,
  { comeAgain, remainingMs }: BatchSurroundings,
): Promise<BatchAnswer> {
  const conversations = new Map<string, { record: QueueRecord; event: unknown }[]>();
  for (const record of records) {
    const event = eventFrom(record.body);
    const { key = record.messageId } = (event ?? {}) as Partial<Event>;
    const same = conversations.get(key);
    if (same) same.push({ record, event });
    else conversations.set(key, [{ record, event }]);
  }
  const batchItemFailures: { itemIdentifier: string }[] = [];
  await Promise.all([...conversations.values()].map(inTurn));
  return { batchItemFailures };

  async function inTurn(conversation: { record: QueueRecord; event: unknown }[]) {
    conversation.sort((a, b) => seqOf(a.event) - seqOf(b.event));
    for (const { record, event } of conversation) {
      let verdict = await deliver(event);
      while (
        verdict.verdict === "retry" &&
        verdict.afterMs <= waitHereMs &&
        remainingMs() > verdict.afterMs + deliveryMs
      ) {
        await sleep(verdict.afterMs);
        verdict = await deliver(event);
      }
      if (verdict.verdict === "ack") continue;
      batchItemFailures.push({ itemIdentifier: record.messageId });
      // Failing to say when only means that it comes again when the visibility timeout is over.
      await comeAgain(record, verdict.afterMs).catch(() => {});
    }
  }
}

const seqOf = (event: unknown): number =>
  (event as Partial<Event> | null)?.position?.seq ?? Number.MAX_SAFE_INTEGER;
