import { SqsSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import { receiptPlace, textPlace } from "@holdline/channels";
import type { BatchAnswer } from "@holdline/eventbridge";
import { awsSurroundings } from "../aws-surroundings.ts";
import { stackOf } from "../observe.ts";
import { receiptArrived, textArrived } from "./arrivals.ts";
import { letIn } from "./batch.ts";

/** Customers' texts, as SNS put them on their queue. */
export async function texts(event: unknown): Promise<BatchAnswer> {
  const door = smsDoor();
  const arrive = (body: string, at: number) => textArrived(door, body, at);
  return letIn(SqsSchema.parse(event).Records, textPlace, arrive, failed);
}

/** What the carrier tells of our texts, as SNS put it on its queue. */
export async function receipts(event: unknown): Promise<BatchAnswer> {
  const door = smsDoor();
  const arrive = (body: string, at: number) => receiptArrived(door, body, at);
  return letIn(SqsSchema.parse(event).Records, receiptPlace, arrive, failed);
}

function smsDoor() {
  const { ports, ingress, secret } = awsSurroundings();
  return { channel: ports.channel("sms-aws"), ingress, secret };
}

const failed = (error: unknown): void =>
  awsSurroundings().log.error({ stack: stackOf(error) }, "a text or receipt was not let in");
