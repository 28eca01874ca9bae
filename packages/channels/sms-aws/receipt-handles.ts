import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

/** A request about some messages failed; nothing is lost by it, they only come again. */
export type OnTrouble = (trouble: {
  readonly doing: "receive" | "delete" | "keep" | "give-back" | "handle";
  readonly error: unknown;
  readonly afterMs?: number;
}) => void;

/** SQS takes ten entries a request. */
const batchSize = 10;

/** How long a delete waits for company. */
const gatherMs = 5;

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchSize)
    yield items.slice(start, start + batchSize);
}

/** What is done with the handles of received messages, ten at a time. Nothing here rejects. */
export function receiptHandles(client: SQSClient, queueUrl: string, onTrouble: OnTrouble) {
  let doomed: { handle: string; settle: () => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Resolves when the message is deleted, or cannot be: then it comes again. */
  function remove(handle: string): Promise<void> {
    return new Promise((settle) => {
      doomed.push({ handle, settle });
      if (doomed.length >= batchSize) void flush();
      else timer ??= setTimeout(flush, gatherMs);
    });
  }

  async function flush() {
    clearTimeout(timer);
    timer = undefined;
    const batch = doomed;
    doomed = [];
    const Entries = batch.map(({ handle }, index) => ({ Id: `${index}`, ReceiptHandle: handle }));
    try {
      const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
      // A 200 may still have refused some; only this list tells.
      const { Failed = [] } = await client.send(command);
      if (Failed.length > 0) onTrouble({ doing: "delete", error: Failed });
    } catch (error) {
      onTrouble({ doing: "delete", error });
    }
    for (const { settle } of batch) settle();
  }

  /** Hides messages for so long from now on; 0 shows them to everybody at once. */
  async function hide(handles: readonly string[], seconds: number, doing: "keep" | "give-back") {
    const requests = [...batches(handles)].map(async (batch) => {
      const Entries = batch.map((handle, index) => ({
        Id: `${index}`,
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed = [] } = await client.send(command);
      if (Failed.length > 0) onTrouble({ doing, error: Failed });
    });
    for (const request of await Promise.allSettled(requests))
      if (request.status === "rejected") onTrouble({ doing, error: request.reason });
  }

  return { remove, hide };
}
