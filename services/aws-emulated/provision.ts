import {
  CreateTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateEventBusCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { patternOf } from "@holdline/eventbridge";

export interface BusParts {
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly busName: string;
}

/** Makes a bus. */
export async function makeBus({ eventBridge, busName }: BusParts): Promise<void> {
  await eventBridge.send(new CreateEventBusCommand({ Name: busName }));
}

/** Makes a queue with a dead-letter queue behind it, as `stacks/` does; answers its URL and ARN. */
export async function makeQueue(sqs: SQSClient, name: string, visibilitySeconds = 60) {
  const dead = await queue(sqs, `${name}-dead`, {});
  const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 100 });
  return queue(sqs, name, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: redrive,
  });
}

async function queue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>) {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  return { url: QueueUrl, arn: answer.Attributes?.QueueArn ?? "" };
}

/** A rule for whole topics and the queue it fills; answers the queue's URL. */
export async function subscribe(
  { eventBridge, sqs, busName }: BusParts,
  name: string,
  topics: readonly string[],
): Promise<string> {
  const { url, arn } = await makeQueue(sqs, `${busName}-${name}`);
  await eventBridge.send(
    new PutRuleCommand({
      Name: `${busName}-${name}`,
      EventBusName: busName,
      EventPattern: JSON.stringify(patternOf(topics)),
    }),
  );
  await eventBridge.send(
    new PutTargetsCommand({
      Rule: `${busName}-${name}`,
      EventBusName: busName,
      Targets: [{ Id: name, Arn: arn }],
    }),
  );
  return url;
}

/** The state store's table, as `stacks/` makes it. */
export async function makeTable(dynamoDb: DynamoDBClient, TableName: string): Promise<void> {
  await dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  await dynamoDb.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    }),
  );
}
