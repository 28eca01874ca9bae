import { setTimeout as sleep } from "node:timers/promises";
import { type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Place } from "./envelope.ts";
import { type Handed, type InLine, lines } from "./lines.ts";
import { type OnTrouble, receiptHandles } from "./receipt-handles.ts";

/** One message of the queue, as whoever handles it sees it. */
export interface Polled {
  readonly messageId: string;
  readonly body: string;
  /** What it was ordered by (epoch ms): SNS's time where the body has one, else SQS's. */
  readonly at: number;
  /** When SQS took it (epoch ms). */
  readonly sentAt: number;
  readonly receiveCount: number;
}

/** What a poller is told. Only the first four are needed. */
export interface SqsPollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /**
   * Resolve when the message is safe, or is put aside for good: it is deleted. Reject and it comes
   * again, later each time; those behind it in its line wait. It may come twice: dedupe by the
   * carrier's id.
   */
  readonly onMessage: (message: Polled) => Promise<unknown>;
  /** Stops receiving. The poller resolves when all that was handed over is settled. */
  readonly signal: AbortSignal;
  /** The line and time of a body, such as `textPlace`; without it every message is a line of its own. */
  readonly placeOf?: (body: string) => Place | undefined;
  /** How long one receive waits for a message. Default 20, the most SQS allows. */
  readonly waitSeconds?: number;
  /** Receives under way at once. Default 4. */
  readonly concurrency?: number;
  /** How long a message waits for an older one of its line. Default 50. */
  readonly holdBackMs?: number;
  /** For how long a message is ours, renewed while it is in hand. Default 5. */
  readonly visibilitySeconds?: number;
  /** The process before this one may have died with messages in hand: wait for them to reappear first. */
  readonly unclean?: boolean;
  /** For how long. Default: the visibility timeout and a little. */
  readonly uncleanHoldMs?: number;
  /** Told as it goes up to which time (epoch ms) all that was published has been handled. */
  readonly onHeard?: (until: number) => void;
  /** Messages in hand at which receiving pauses. Default 1,000. */
  readonly inHandMax?: number;
  readonly onTrouble?: OnTrouble;
}

interface InHand extends InLine, Polled {
  handle: string;
  /** When SQS shows it to others again (epoch ms). */
  hiddenUntil: number;
  /** Handled; only its delete is missing. */
  settled: boolean;
}

/** So much later than the visibility timeout may a message of a dead process be here again. */
const reappearMarginMs = 500;
const backOffMs = { first: 100, most: 5_000 };
/**
 * A receive that was cut may still be served: what came to it is then hidden from everybody for one
 * visibility timeout, and overtaken. One that ends as soon as this is let run out at the end.
 */
const patientSeconds = 2;
/** However much there is to gather after an unclean start, it is let go by then. */
const gatherAtMostMs = 60_000;
/** How much younger a message may be than one that comes after it. */
const overtakenMs = 1_000;
/** A receive that takes this much longer than it was told to wait hangs. */
const hangMs = 10_000;

/**
 * Polls a standard SQS queue, and hands its messages over one at a time per line, oldest first.
 *
 * Neither carriers nor SNS nor a standard queue promise order, so it is made here: by time, within a
 * short hold-back. Only one process should poll a queue whose order matters.
 */
export async function sqsPoller(options: SqsPollerOptions): Promise<void> {
  const { client, queueUrl, signal, waitSeconds = 20, concurrency = 4 } = options;
  const { visibilitySeconds = 5, inHandMax = 1_000, onTrouble = () => {} } = options;
  const visibilityMs = visibilitySeconds * 1_000;
  const cutsPolls = waitSeconds > patientSeconds;
  const { uncleanHoldMs = visibilityMs + reappearMarginMs } = options;
  const began = Date.now();
  let gathering = options.unclean ?? false;
  /** The time of the newest message handled, or of the last look at an empty queue. */
  let newest = 0;
  const handles = receiptHandles(client, queueUrl, onTrouble);
  const inHand = new Map<string, InHand>();
  const inLine = lines({ holdBackMs: options.holdBackMs ?? 50, gathering, hand });

  async function hand(message: InHand): Promise<Handed> {
    const { messageId, body, at, sentAt, receiveCount } = message;
    try {
      await options.onMessage({ messageId, body, at, sentAt, receiveCount });
    } catch (error) {
      // Never hidden longer than one visibility timeout: an unclean start waits for no more than that.
      const seconds = Math.min(2 ** (receiveCount - 1), visibilitySeconds);
      onTrouble({ doing: "handle", error, afterMs: seconds * 1_000 });
      await handles.hide([message.handle], seconds, "give-back");
      inHand.delete(messageId);
      return { backInMs: seconds * 1_000 };
    }
    message.settled = true;
    newest = Math.max(newest, at);
    // The line goes on meanwhile; should the delete fail, the message comes once more.
    void handles.remove(message.handle).then(() => inHand.delete(messageId));
    return { done: true };
  }

  function take(received: Message) {
    const { MessageId: messageId = "", ReceiptHandle: handle = "", Body: body = "" } = received;
    const hiddenUntil = Date.now() + visibilityMs;
    const known = inHand.get(messageId);
    if (known) {
      // It outlived its visibility timeout in our hands. Only the newest handle is good for anything.
      Object.assign(known, { handle, hiddenUntil });
      if (known.settled) void handles.remove(handle);
      return;
    }
    const sentAt = Number(received.Attributes?.SentTimestamp ?? Date.now());
    const place = options.placeOf?.(body);
    const message: InHand = {
      id: messageId,
      line: place?.line ?? messageId,
      at: place?.at ?? sentAt,
      messageId,
      body,
      sentAt,
      receiveCount: Number(received.Attributes?.ApproximateReceiveCount ?? 1),
      handle,
      hiddenUntil,
      settled: false,
    };
    inHand.set(messageId, message);
    inLine.add(message);
  }

  /** While waiting for what a dead process had in hand, everything must be let in or the wait is for nothing. */
  const isFull = () => inHand.size >= inHandMax && !gathering;

  const gatheringSeconds = () => (Date.now() - began < uncleanHoldMs ? 1 : 0);

  /**
   * What a dead process had in hand is all here once its visibility timeout is over and the queue has
   * nothing more to show. A queue that is empty has been read up to now.
   */
  function received(count: number) {
    const age = Date.now() - began;
    if (gathering && ((age >= uncleanHoldMs && count === 0) || age >= gatherAtMostMs)) {
      gathering = false;
      inLine.release();
    }
    if (count === 0 && !gathering) newest = Math.max(newest, Date.now());
  }

  /** All that is older than the oldest in hand has been handled. */
  function tellHeard() {
    if (gathering || newest === 0) return;
    let until = newest;
    for (const { at, settled } of inHand.values()) if (!settled && at < until) until = at;
    options.onHeard?.(until - overtakenMs);
  }

  async function receive() {
    for (let failures = 0; !signal.aborted; ) {
      try {
        while (isFull()) await sleep(20, undefined, { signal });
        const hang = AbortSignal.timeout(waitSeconds * 1_000 + hangMs);
        const command = new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: gathering ? gatheringSeconds() : waitSeconds,
          VisibilityTimeout: visibilitySeconds,
          MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
        });
        const abortSignal = cutsPolls ? AbortSignal.any([signal, hang]) : hang;
        const { Messages = [] } = await client.send(command, { abortSignal });
        failures = 0;
        for (const message of Messages) take(message);
        received(Messages.length);
      } catch (error) {
        if (signal.aborted) return;
        const afterMs = Math.min(backOffMs.first * 2 ** failures, backOffMs.most);
        failures += 1;
        onTrouble({ doing: "receive", error, afterMs });
        await sleep(afterMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  async function keep() {
    const soon = Date.now() + visibilityMs * 0.6;
    const ours = [...inHand.values()].filter((one) => !one.settled && one.hiddenUntil < soon);
    for (const message of ours) message.hiddenUntil = Date.now() + visibilityMs;
    await handles.hide(
      ours.map(({ handle }) => handle),
      visibilitySeconds,
      "keep",
    );
  }

  const keeper = setInterval(keep, visibilityMs / 4);
  const teller = setInterval(tellHeard, 250);
  signal.addEventListener("abort", () => void inLine.stop(), { once: true });
  await Promise.all(Array.from({ length: concurrency }, receive));
  const untouched = await inLine.stop();
  clearInterval(keeper);
  clearInterval(teller);
  for (const { messageId } of untouched) inHand.delete(messageId);
  await handles.hide(
    untouched.map(({ handle }) => handle),
    0,
    "give-back",
  );
  while (inHand.size > 0) await sleep(gatheringMs);
}

/** How often it is looked whether the last deletes are through. */
const gatheringMs = 5;
