import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { complaint, type Operation } from "../http/operation.ts";
import { sqs } from "./service.ts";
import type { QueueRecord, QueueStore } from "./store.ts";

/** How requests name a queue. */
export const QueueUrl = z.string().min(1).max(1_000);

/** The entries of a batch, each still to be read. */
export const Entries = z.array(z.object({ Id: z.string() }).loose());

// "A batch entry id can only contain alphanumeric characters, hyphens and underscores", at most 80.
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** An SQS operation. None of them has a rate: standard queues take nearly any. */
export function operation(name: string, answer: Operation["answer"]): Operation {
  return { name, service: sqs, answer };
}

/** The queue a URL names, or the refusal that clients know. */
export function foundQueue(store: QueueStore, url: string): QueueRecord {
  const queue = store.find(url);
  if (!queue) throw new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.");
  return queue;
}

/** Does the entries of a batch one by one; a bad one fails alone. */
export function batched<T>(
  entries: z.infer<typeof Entries>,
  schema: z.ZodType<T>,
  act: (entry: T) => object,
) {
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", 400, "The batch request has no entries.");
  if (entries.length > 10)
    throw new AwsError("TooManyEntriesInBatchRequest", 400, "A batch has at most 10 entries.");
  const ids = new Set(entries.map(({ Id }) => Id));
  if (ids.size !== entries.length)
    throw new AwsError("BatchEntryIdsNotDistinct", 400, "Two or more entries have the same Id.");
  for (const id of ids)
    if (!ENTRY_ID.test(id))
      throw new AwsError("InvalidBatchEntryId", 400, `The batch entry id ${id} is not valid.`);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    const { Id } = entry;
    const parsed = schema.safeParse(entry);
    try {
      if (!parsed.success)
        throw new AwsError("InvalidParameterValue", 400, complaint(parsed.error).text);
      Successful.push({ Id, ...act(parsed.data) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id,
        SenderFault: error.status < 500,
        Code: error.name,
        Message: error.message,
      });
    }
  }
  return { Successful, Failed };
}
