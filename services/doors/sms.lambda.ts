import { SqsSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import { digestKey, type Place, receiptPlace, textPlace } from "@holdline/channels";
import type { BatchAnswer } from "@holdline/eventbridge";
import { awsSurroundings } from "../aws-surroundings.ts";
import { stackOf } from "../observe.ts";
import { type Arriving, receiptArrived, textArrived } from "./arrivals.ts";
import { holdBackMs, letIn } from "./batch.ts";

/** Customers' texts, as SNS put them on their queue. */
export const texts = (event: unknown): Promise<BatchAnswer> => door(event, textPlace, textArrived);

/** What the carrier tells of our texts, as SNS put it on its queue. */
export const receipts = (event: unknown): Promise<BatchAnswer> =>
  door(event, receiptPlace, receiptArrived);

async function door(
  event: unknown,
  placeOf: (body: string) => Place | undefined,
  arrived: (door: Arriving, body: string, at: number) => Promise<void>,
): Promise<BatchAnswer> {
  const { ports, ingress, secret, store, log } = awsSurroundings();
  const arriving = { channel: ports.channel("sms-aws"), ingress, secret };
  return letIn(SqsSchema.parse(event).Records, {
    ...{ store, holdBackMs },
    standing({ messageId, body, attributes }) {
      const { line, at } = placeOf(body) ?? {};
      // A line is made of two numbers: its digest, under our own secret, is not.
      const name = digestKey(`${secret} ${line ?? messageId}`);
      return { line: name, at: at ?? Number(attributes.SentTimestamp) };
    },
    arrive: (body, at) => arrived(arriving, body, at),
    failed: (error) => log.error({ stack: stackOf(error) }, "a text or receipt was not let in"),
  });
}
