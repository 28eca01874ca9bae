import { SqsSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import { type BatchAnswer, eventFrom } from "@holdline/eventbridge";
import { EventDeadLettered } from "@holdline/events";
import { awsSurroundings } from "./aws-surroundings.ts";
import { stackOf } from "./observe.ts";

/** Keeps every dead letter where `holdline dlq` finds it. */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { letters, log } = awsSurroundings();
  const kept = SqsSchema.parse(event).Records.map(async ({ messageId, body }) => {
    try {
      await letters.keep(EventDeadLettered.parse(eventFrom(body)));
      return [];
    } catch (error) {
      log.error({ stack: stackOf(error) }, "a dead letter was not kept");
      return [{ itemIdentifier: messageId }];
    }
  });
  return { batchItemFailures: (await Promise.all(kept)).flat() };
}
