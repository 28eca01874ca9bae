import * as Q from "@aws-sdk/client-sqs";
import { afterAll, expect, it } from "vitest";
import { standIn, stopAll, thrown } from "./stand-in.ts";

afterAll(stopAll);

it("a queue's attributes are set and told", async () => {
  const { sqs } = await standIn();
  const { QueueUrl } = await sqs.send(new Q.CreateQueueCommand({ QueueName: "settings" }));
  const Attributes = { VisibilityTimeout: "7" };
  await sqs.send(new Q.SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const told = new Q.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  expect((await sqs.send(told)).Attributes).toMatchObject(Attributes);
  const nowhere = { QueueUrl: `${QueueUrl}-not`, Attributes };
  const refused = await thrown(sqs.send(new Q.SetQueueAttributesCommand(nowhere)));
  expect(refused.name).toBe("QueueDoesNotExist");
});

it("several messages are shown again at once, each with an answer of its own", async () => {
  const { sqs } = await standIn();
  const { QueueUrl } = await sqs.send(new Q.CreateQueueCommand({ QueueName: "visible" }));
  await sqs.send(new Q.SendMessageCommand({ QueueUrl, MessageBody: "one" }));
  const receive = new Q.ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 });
  const { Messages = [] } = await sqs.send(receive);
  const { Successful, Failed } = await sqs.send(
    new Q.ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "known", ReceiptHandle: Messages[0]?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: "unknown", ReceiptHandle: "nobody's", VisibilityTimeout: 0 },
      ],
    }),
  );
  expect(Successful).toEqual([{ Id: "known" }]);
  expect(Failed).toMatchObject([{ Id: "unknown", SenderFault: true }]);
  expect((await sqs.send(receive)).Messages).toMatchObject([{ Body: "one" }]);
});
