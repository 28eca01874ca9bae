import type { SQSClient } from "@aws-sdk/client-sqs";
import { sqsPoller } from "@holdline/channels";
import type { ContactBook } from "@holdline/connect";
import type { Ingress, StateStore } from "@holdline/runtime";
import type { Log } from "../log.ts";
import { letIn } from "./batch.ts";
import { standingOf, streamingReceiver } from "./streaming.ts";

export interface StreamingDoor {
  readonly sqs: SQSClient;
  /** Nothing where chats are not streamed. */
  readonly queueUrl: string | undefined;
  readonly book: ContactBook;
  readonly ingress: Ingress;
  readonly store: StateStore;
  readonly holdBackMs: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Takes what Connect streams of chats from its queue, where there is one; resolves when `signal` aborts. */
export async function streamingDoor({ sqs, queueUrl, signal, log, ...door }: StreamingDoor) {
  const { store, holdBackMs } = door;
  if (queueUrl === undefined) return;
  const receive = streamingReceiver({ ...door, odd: (about, message) => log.warn(about, message) });
  await sqsPoller({
    ...{ client: sqs, queueUrl, signal },
    async onMessage({ messageId, body, sentAt }) {
      const record = { messageId, body, attributes: { SentTimestamp: `${sentAt}` } };
      const { batchItemFailures } = await letIn([record], {
        ...{ store, holdBackMs, standing: standingOf, arrive: receive },
        failed: (error) => log.warn({ error: named(error) }, "an item was not let in"),
      });
      if (batchItemFailures.length > 0) throw new Error("it must come again");
    },
    onTrouble: ({ doing, error, afterMs }) =>
      log.warn({ doing, error: named(error), afterMs }, "queue trouble"),
  });
}

/** The name of an error alone: its message may quote a customer. */
const named = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
