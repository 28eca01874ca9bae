import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Deliver, Verdict } from "@holdline/runtime";
import { eventFrom } from "./envelope.ts";

export interface ReceiveOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Messages in hand at once. */
  readonly inHand?: number;
  /** Told when SQS does not answer as it should; receiving goes on. */
  readonly trouble?: (error: unknown) => void;
}

/** Waits this short are sat out here: another receive would count against the queue's receive limit. */
const waitHereMs = 2_000;
/** How long a message is sat on, all in all: well inside the queue's visibility timeout of 60 s. */
const holdMs = 20_000;
/** SQS takes whole seconds, at most twelve hours (ChangeMessageVisibility, API reference). */
export const visibility = (afterMs: number): number =>
  Math.min(43_200, Math.max(0, Math.ceil(afterMs / 1_000)));

/**
 * Receives from a queue until `signal` aborts, then resolves when what is in hand is settled.
 *
 * What was received and not begun when it is told to stop is given back at once.
 */
export async function receive(
  { sqs, queueUrl, inHand = 100, trouble = () => {} }: ReceiveOptions,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<void> {
  const settling = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (settling.size >= inHand) {
      await Promise.race(settling);
      continue;
    }
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(10, inHand - settling.size),
          WaitTimeSeconds: 10,
        }),
        { abortSignal: signal },
      );
      for (const message of Messages) {
        const settled = settle(message)
          .catch(trouble)
          .finally(() => settling.delete(settled));
        settling.add(settled);
      }
    } catch (error) {
      if (signal.aborted) break;
      trouble(error);
      await sleep(1_000, undefined, { signal }).catch(() => {});
    }
  }
  await Promise.all(settling);

  async function settle({ Body = "", ReceiptHandle }: Message): Promise<void> {
    const place = { QueueUrl: queueUrl, ReceiptHandle };
    const hide = (seconds: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ ...place, VisibilityTimeout: seconds }));
    if (signal.aborted) return void (await hide(0));
    const event = eventFrom(Body);
    const until = Date.now() + holdMs;
    let verdict: Verdict = await deliver(event);
    while (
      verdict.verdict === "retry" &&
      verdict.afterMs <= waitHereMs &&
      Date.now() < until &&
      !signal.aborted
    ) {
      await sleep(verdict.afterMs);
      verdict = await deliver(event);
    }
    if (verdict.verdict === "ack") await sqs.send(new DeleteMessageCommand(place));
    else await hide(visibility(verdict.afterMs));
  }
}
