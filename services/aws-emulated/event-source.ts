import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { BatchAnswer } from "@holdline/eventbridge";
import type { EmulatedFunction } from "./functions.ts";

/** What a transport without order may do on top, to prove that nothing depends on luck. */
export interface Disorder {
  /** The share of messages that is delivered a second time, later. */
  readonly twice: number;
  /** How long a message may be kept back, at most (ms): what comes after it overtakes it. */
  readonly keepBackMs: number;
}

export interface EventSource {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly of: EmulatedFunction;
  readonly disorder?: Disorder;
  readonly trouble: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Batches under way at once: fewer than Lambda, which starts with five: an emulator is one process. */
const abreast = 2;

/**
 * Lambda's event source mapping, as far as ours needs it: polls a queue, invokes with batches of ten,
 * deletes what was not reported as failed (ReportBatchItemFailures).
 */
export async function eventSource(source: EventSource): Promise<void> {
  await Promise.all(Array.from({ length: abreast }, () => poll(source)));
}

async function poll({ sqs, queueUrl, of, disorder, trouble, signal }: EventSource): Promise<void> {
  while (!signal.aborted) {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 10,
          MessageSystemAttributeNames: ["All"],
        }),
        { abortSignal: signal },
      );
      if (Messages.length === 0) continue;
      if (disorder) for (const batch of disturbed(Messages, disorder)) void later(batch);
      else await settle(Messages);
    } catch (error) {
      if (signal.aborted) return;
      trouble(error);
      await sleep(500, undefined, { signal }).catch(() => {});
    }
  }

  async function later({ messages, afterMs }: { messages: Message[]; afterMs: number }) {
    try {
      await sleep(afterMs, undefined, { signal });
      await settle(messages);
    } catch (error) {
      if (!signal.aborted) trouble(error);
    }
  }

  async function settle(messages: readonly Message[]) {
    const answer = (await of.invoke({ Records: messages.map(recordOf) })) as BatchAnswer;
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** Takes a batch apart: in another order, at other times, and some of it twice. */
function disturbed(messages: readonly Message[], { twice, keepBackMs }: Disorder) {
  const copies = messages.flatMap((one) => (Math.random() < twice ? [one, one] : [one]));
  return copies.map((one) => ({ messages: [one], afterMs: Math.random() * keepBackMs }));
}

/** A message as Lambda spells it. */
const recordOf = ({ MessageId, ReceiptHandle, Body, Attributes = {}, MD5OfBody }: Message) => ({
  messageId: MessageId,
  receiptHandle: ReceiptHandle,
  body: Body,
  attributes: {
    ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? "1",
    ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? "0",
    SenderId: Attributes.SenderId ?? "AIDAEXAMPLE",
    SentTimestamp: Attributes.SentTimestamp ?? `${Date.now()}`,
  },
  messageAttributes: {},
  md5OfBody: MD5OfBody ?? "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-west-2:111122223333:queue",
  awsRegion: "us-west-2",
});
