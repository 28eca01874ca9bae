import { setTimeout as sleep } from "node:timers/promises";
import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export interface ArchiveReplay {
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  /** The archive of the bus. */
  readonly archiveArn: string;
  /** The rule that captures replays, and the only one that is to see this one. */
  readonly ruleArn: string;
  /** The queue it fills. */
  readonly queueUrl: string;
  /** A name of its own for each replay: up to 64 letters, digits, dots, dashes, underscores. */
  readonly name: string;
  readonly since: Date;
  readonly until: Date;
  /** Told of the replay's state as it goes, and up to which time events have been replayed. */
  readonly onState?: (state: string, replayedTo: Date | undefined) => void;
  readonly signal?: AbortSignal;
  /** How often the replay is looked at (default 5 s), and how long each look at the queue waits (default 5 s). */
  readonly lookEveryMs?: number;
  readonly waitSeconds?: number;
}

/** Looks at an empty queue, one after the other, before a replay that has ended counts as captured. */
const emptyLooks = 4;
/** States from which nothing more comes (DescribeReplay, API reference). */
const ended = new Set(["COMPLETED", "CANCELLED", "FAILED"]);

/**
 * Has EventBridge replay a part of its archive to one rule alone, and hands on what the rule's queue brings:
 * in windows of a minute, in no order, now and then twice (EventBridge user guide, "Replaying archived events").
 *
 * Live rules do not see it: the replay names the only rule it is for, and theirs refuse what bears a
 * `replay-name`. Messages of another replay that are still in the queue are dropped. Throws when the replay
 * fails; whoever stops reading, or aborts, cancels it.
 */
export async function* archiveReplay(
  replay: ArchiveReplay,
): AsyncGenerator<{ readonly bodies: readonly string[] }> {
  const { eventBridge, sqs, archiveArn, ruleArn, queueUrl: QueueUrl, name, signal } = replay;
  const { onState = () => {}, lookEveryMs = 5_000, waitSeconds = 5 } = replay;
  const ArchiveName = archiveArn.split("/").at(-1) ?? "";
  const { EventSourceArn: Arn } = await eventBridge.send(
    new DescribeArchiveCommand({ ArchiveName }),
  );
  await eventBridge.send(
    new StartReplayCommand({
      ReplayName: name,
      Description: "holdline archive export",
      EventSourceArn: archiveArn,
      EventStartTime: replay.since,
      EventEndTime: replay.until,
      Destination: { Arn, FilterArns: [ruleArn] },
    }),
  );
  let state = "STARTING";
  let reason: string | undefined;
  let lookAt = 0;
  let empty = 0;
  try {
    while (!ended.has(state) || empty < emptyLooks) {
      signal?.throwIfAborted();
      if (!ended.has(state) && Date.now() >= lookAt) {
        const found = await eventBridge.send(new DescribeReplayCommand({ ReplayName: name }));
        state = found.State ?? state;
        reason = found.StateReason;
        onState(state, found.EventLastReplayedTime);
        lookAt = Date.now() + lookEveryMs;
      }
      if (state === "FAILED" || state === "CANCELLED")
        throw new Error(`the replay ${name} ended as ${state}${reason ? `: ${reason}` : ""}`);
      const received = await Promise.all(
        Array.from({ length: 4 }, () =>
          sqs.send(
            new ReceiveMessageCommand({
              ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds },
            }),
          ),
        ),
      );
      const messages = received.flatMap(({ Messages = [] }) => Messages);
      empty = messages.length === 0 ? empty + 1 : 0;
      if (messages.length === 0) {
        await sleep(50);
        continue;
      }
      const bodies = messages.flatMap(({ Body = "" }) => replayedBody(Body, name) ?? []);
      yield { bodies };
      await remove(sqs, QueueUrl, messages);
    }
  } finally {
    if (!ended.has(state))
      await eventBridge.send(new CancelReplayCommand({ ReplayName: name })).catch(() => {});
  }
}

/** The event as it was published; nothing for a message of another replay, or that is none of ours. */
function replayedBody(body: string, name: string): string | undefined {
  try {
    const envelope = JSON.parse(body) as { detail?: unknown; "replay-name"?: unknown };
    if (envelope["replay-name"] !== name || envelope.detail === undefined) return undefined;
    return JSON.stringify(envelope.detail);
  } catch {
    return undefined;
  }
}

async function remove(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]) {
  for (let from = 0; from < messages.length; from += 10) {
    const Entries = messages
      .slice(from, from + 10)
      .map(({ ReceiptHandle = "" }, n) => ({ Id: `${n}`, ReceiptHandle }));
    // What stays comes once more, and is told by its place.
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
