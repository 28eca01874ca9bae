import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { eventFrom } from "@holdline/eventbridge";
import type { Event } from "@holdline/events";

/**
 * Takes all that a bus has put on a queue: a history as it was carried, in no order and some of it twice.
 * Answers each event once, as a page that `exportArchive` takes: a stream's events by their numbers.
 */
export async function recorded(sqs: SQSClient, queueUrl: string) {
  const places = new Map<string, Event>();
  for (let empty = 0; empty < 3; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
      }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    if (Messages.length === 0) continue;
    for (const { Body = "" } of Messages) {
      const event = eventFrom(Body) as Event;
      places.set(`${event.position.stream} ${event.position.seq}`, event);
    }
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
  const inStreams = [...places.values()].sort((a, b) => a.position.seq - b.position.seq);
  return inStreams.map((event, n) => ({ off: n + 1, body: JSON.stringify(event) }));
}
