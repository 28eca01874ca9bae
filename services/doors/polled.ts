import type { SQSClient } from "@aws-sdk/client-sqs";
import type { ContactBook } from "@holdline/connect";
import { type Ingress, publishDue, type StateStore } from "@holdline/runtime";
import type { Log } from "../log.ts";
import { stackOf } from "../observe.ts";
import type { Ports } from "../ports.ts";
import type { Settings } from "../settings/index.ts";
import { smsDoor } from "./sms.ts";
import { streamingHoldBackMs } from "./streaming.ts";
import { streamingDoor } from "./streaming-door.ts";

export interface PolledDoors {
  readonly ports: Ports;
  readonly book: ContactBook;
  readonly ingress: Ingress;
  readonly store: StateStore;
  readonly queues: Settings["queues"];
  /** A client of its own for each door. */
  readonly sqs: () => SQSClient;
  readonly secret: string;
  readonly log: Log;
  readonly speed: number;
  /** Whether the process before this one may have died with texts in hand. */
  readonly unclean: boolean;
  /** Told up to which time (epoch ms) the carrier's receipts have come through. */
  readonly onReceiptsHeard: (until: number) => void;
  readonly signal: AbortSignal;
}

/** What has come through the door has this long to reach the stage that waits for it. */
const throughPipelineMs = 3_000;

/**
 * What comes in without being sent to us, until `signal` aborts: texts, receipts and streamed chats from their
 * queues, and drafts whose time has come. One process at a time: the order of texts is made here.
 */
export async function polledDoors(doors: PolledDoors): Promise<void> {
  const { ports, book, ingress, store, queues, sqs, secret, log, speed, unclean, signal } = doors;
  if (!queues) throw new Error("the queues to poll are not set");
  await Promise.all([
    smsDoor({
      ...{ channel: ports.channel("sms-aws"), ingress, queues, secret, log },
      ...{ sqs: sqs(), unclean, signal },
      onReceiptsHeard(until) {
        setTimeout(() => doors.onReceiptsHeard(until), throughPipelineMs / speed).unref();
      },
    }),
    streamingDoor({
      ...{ book, ingress, store, log, queueUrl: queues.streaming, sqs: sqs(), signal },
      holdBackMs: streamingHoldBackMs / speed,
    }),
    publishDue(store, ingress, {
      ...{ now: () => new Date(), everyMs: Math.max(20, 500 / speed), signal },
      failed: (error) => log.error({ stack: stackOf(error) }, "could not publish what is due"),
    }),
  ]);
}
