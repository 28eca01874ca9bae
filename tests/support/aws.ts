import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Emulator } from "@holdline/peers";
import { onTestFinished } from "vitest";
import { makeBus, makeTable, subscribe } from "../../services/aws-emulated/provision.ts";

/** The SDK's own clients against an emulator. */
export function awsClients({ endpoint, region, credentials }: Emulator, inTest = true) {
  const place = { endpoint, region, credentials };
  const eventBridge = new EventBridgeClient(place);
  const sqs = new SQSClient(place);
  const dynamoDb = new DynamoDBClient(place);
  const close = () => {
    eventBridge.destroy();
    sqs.destroy();
    dynamoDb.destroy();
  };
  if (inTest) onTestFinished(close);
  return { eventBridge, sqs, dynamoDb };
}

/** A bus of its own, with a queue for each subscriber by name. */
export async function ownBus(
  the: Emulator,
  subscribers: Readonly<Record<string, readonly string[]>>,
) {
  const clients = awsClients(the);
  const parts = { ...clients, busName: `t-${randomUUID().slice(0, 8)}` };
  await makeBus(parts);
  const urls = new Map<string, string>();
  for (const [name, topics] of Object.entries(subscribers))
    urls.set(name, await subscribe(parts, name, topics));
  const queueUrl = (name: string) => {
    const url = urls.get(name);
    if (!url) throw new Error(`${name} has no queue`);
    return url;
  };
  return { ...parts, queueUrl };
}

/** A state store's table of its own. */
export async function ownTable(the: Emulator) {
  const { dynamoDb: client } = awsClients(the);
  const table = `t-${randomUUID().slice(0, 8)}`;
  await makeTable(client, table);
  return { client, table };
}
