import { SqsSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import { contactBook } from "@holdline/connect";
import type { BatchAnswer } from "@holdline/eventbridge";
import { awsSurroundings } from "../aws-surroundings.ts";
import { stackOf } from "../observe.ts";
import { letIn } from "./batch.ts";
import { standingOf, streamingHoldBackMs, streamingReceiver } from "./streaming.ts";

/** What Connect streams of chats, as SNS put it on its queue. */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { ingress, store, log } = awsSurroundings();
  const receive = streamingReceiver({
    ...{ ingress, book: contactBook(store, { remembered: 0 }) },
    odd: (about, message) => log.warn(about, message),
  });
  return letIn(SqsSchema.parse(event).Records, {
    ...{ store, holdBackMs: streamingHoldBackMs, standing: standingOf },
    arrive: receive,
    failed: (error) => log.error({ stack: stackOf(error) }, "an item was not let in"),
  });
}
