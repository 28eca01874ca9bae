import * as Q from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, standIn, stopAll, thrown } from "./stand-in.ts";

let up: Awaited<ReturnType<typeof standIn>>;
beforeAll(async () => {
  up = await standIn();
});
afterAll(stopAll);

const made = async (name: string, Attributes: Record<string, string> = {}) => {
  const { QueueUrl } = await up.sqs.send(new Q.CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl ?? "";
};

describe("a queue", () => {
  // The SDK compares the MD5 sums of bodies and attributes itself, and throws when they differ.
  it("carries emoji, attributes and their digests", async () => {
    const QueueUrl = await made("emoji");
    const MessageAttributes = {
      kind: { DataType: "String", StringValue: "greeting" },
      weight: { DataType: "Number", StringValue: "7" },
      blob: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1, 255]) },
    };
    const MessageBody = 'hi 😀 "quoted" \\u0001 – don’t';
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    const { Messages } = await up.sqs.send(
      new Q.ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    expect(Messages).toMatchObject([
      { Body: MessageBody, MessageAttributes, Attributes: { ApproximateReceiveCount: "1" } },
    ]);
  });

  it("gives a message to one receiver, and again when it was not deleted in time", async () => {
    const QueueUrl = await made("again");
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    const receive = (VisibilityTimeout: number) =>
      up.sqs.send(
        new Q.ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout,
          MessageSystemAttributeNames: ["All"],
        }),
      );
    const [first] = (await receive(30)).Messages ?? [];
    expect((await receive(30)).Messages).toBeUndefined();
    await up.sqs.send(
      new Q.ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [second] = (await receive(30)).Messages ?? [];
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    await up.sqs.send(
      new Q.DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }),
    );
    const { Attributes } = await up.sqs.send(
      new Q.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      QueueArn: "arn:aws:sqs:us-west-2:111122223333:again",
    });
  });

  it("wakes who waits for a message as soon as there is one", async () => {
    const QueueUrl = await made("waiting");
    const received = up.sqs.send(new Q.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "late" }));
    expect((await received).Messages).toHaveLength(1);
  });

  it("does ten at a time, and a bad entry fails alone", async () => {
    const QueueUrl = await made("batch");
    const sent = await up.sqs.send(
      new Q.SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "a" },
          { Id: "b", MessageBody: "b", DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful).toMatchObject([{ Id: "a" }]);
    expect(sent.Failed).toMatchObject([{ Id: "b", Code: "InvalidParameterValue" }]);
    const { Messages = [] } = await up.sqs.send(
      new Q.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const deleted = await up.sqs.send(
      new Q.DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", ReceiptHandle: Messages[0]?.ReceiptHandle },
          { Id: "b", ReceiptHandle: "nope" },
        ],
      }),
    );
    expect(deleted.Failed).toMatchObject([{ Id: "b", Code: "ReceiptHandleIsInvalid" }]);
  });

  it("puts aside what was received too often", async () => {
    await made("dead");
    const QueueUrl = await made("poisoned", {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: "arn:aws:sqs:us-west-2:111122223333:dead",
        maxReceiveCount: 1,
      }),
    });
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "bad" }));
    const receive = () =>
      up.sqs.send(new Q.ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    expect((await receive()).Messages).toHaveLength(1);
    expect((await receive()).Messages).toBeUndefined();
    expect(await up.take("dead")).toMatchObject([{ Body: "bad" }]);
  });

  it("can be listed, purged and deleted", async () => {
    const QueueUrl = await made("passing");
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    await up.sqs.send(new Q.PurgeQueueCommand({ QueueUrl }));
    expect(await up.take("passing", 0)).toEqual([]);
    const { QueueUrls } = await up.sqs.send(
      new Q.ListQueuesCommand({ QueueNamePrefix: "passing" }),
    );
    expect(QueueUrls).toEqual([QueueUrl]);
    await up.sqs.send(new Q.DeleteQueueCommand({ QueueUrl }));
    const error = await thrown(up.sqs.send(new Q.PurgeQueueCommand({ QueueUrl })));
    expect(error).toBeInstanceOf(Q.QueueDoesNotExist);
  });

  it("gives a message that nobody deleted back by itself", async () => {
    const QueueUrl = await made("forgotten");
    await up.sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    await up.sqs.send(new Q.ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
    const again = await eventually(
      () => up.take("forgotten", 1),
      (messages) => messages.length > 0,
    );
    expect(again).toHaveLength(1);
  });
});
