import { SqsSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type BatchAnswer, deliverBatch, visibility } from "@holdline/eventbridge";
import type { Deliver } from "@holdline/runtime";
import * as z from "zod";
import { awsSurroundings } from "./aws-surroundings.ts";
import { configuredPipeline } from "./pipeline.ts";
import { delivererOf } from "./run-pipeline.ts";

const Variables = z.object({
  /** The stage this function runs, as `pipeline.ts` names it. */
  HOLDLINE_STAGE: z.string().min(1),
  /** The URL of the queue that brings its events. */
  HOLDLINE_QUEUE: z.url(),
});

/** What a function of ours asks of the context Lambda gives it. */
export interface FunctionContext {
  getRemainingTimeInMillis(): number;
}

interface Function {
  readonly deliver: Deliver;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
}

let made: Function | undefined;

function make(): Function {
  const { HOLDLINE_STAGE, HOLDLINE_QUEUE } = Variables.parse(process.env);
  const around = awsSurroundings();
  const stages = configuredPipeline(around.ports.settings);
  const stage = stages.find(({ name }) => name === HOLDLINE_STAGE);
  if (!stage) throw new Error(`HOLDLINE_STAGE is ${HOLDLINE_STAGE}, which is no stage`);
  const deliver = delivererOf(stage, { stages, ...around }, false);
  return { deliver, sqs: new SQSClient({}), queueUrl: HOLDLINE_QUEUE };
}

/** One stage of the pipeline: its queue's events, those that must come again reported one by one. */
export async function handler(event: unknown, context: FunctionContext): Promise<BatchAnswer> {
  made ??= make();
  const { deliver, sqs, queueUrl: QueueUrl } = made;
  return deliverBatch(SqsSchema.parse(event).Records, deliver, {
    remainingMs: () => context.getRemainingTimeInMillis(),
    comeAgain: ({ receiptHandle: ReceiptHandle }, afterMs) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({
          ...{ QueueUrl, ReceiptHandle },
          VisibilityTimeout: visibility(afterMs),
        }),
      ),
  });
}
