import type { SQSClient } from "@aws-sdk/client-sqs";
import { receiptPlace, type SqsPollerOptions, sqsPoller, textPlace } from "@holdline/channels";
import type { Log } from "../log.ts";
import type { Settings } from "../settings/index.ts";
import { type Arriving, receiptArrived, textArrived } from "./arrivals.ts";

export interface SmsDoor extends Arriving {
  readonly sqs: SQSClient;
  readonly queues: NonNullable<Settings["queues"]>;
  /** Whether the process before this one may have died with texts in hand. */
  readonly unclean: boolean;
  readonly log: Log;
  /** Told up to which time (epoch ms) the carrier's receipts have arrived. */
  readonly onReceiptsHeard?: (until: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Takes customers' texts and the carrier's receipts from their queues, and says that they arrived.
 */
export async function smsDoor(door: SmsDoor): Promise<void> {
  const { queues } = door;
  const { onReceiptsHeard: onHeard } = door;
  await Promise.all([
    listen(door, {
      queueUrl: queues.inbound,
      placeOf: textPlace,
      onMessage: ({ body, at }) => textArrived(door, body, at),
    }),
    listen(door, {
      queueUrl: queues.delivery,
      placeOf: receiptPlace,
      onMessage: ({ body, at }) => receiptArrived(door, body, at),
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
