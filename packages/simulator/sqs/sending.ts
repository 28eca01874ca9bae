import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Operation, valid } from "../http/operation.ts";
import { MessageAttribute, md5, md5OfAttributes, sizeOf } from "./message.ts";
import { batched, Entries, foundQueue, operation, QueueUrl } from "./queue-request.ts";
import { badParameter } from "./service.ts";
import type { QueueRecord, QueueStore } from "./store.ts";

const LARGEST_BYTES = 1_048_576;
// "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const Message = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(900).nullish(),
  MessageAttributes: z
    .record(z.string().min(1).max(256), MessageAttribute)
    .refine((attributes) => Object.keys(attributes).length <= 10, "at most 10 attributes")
    .nullish(),
  MessageGroupId: z.string().min(1).max(128).nullish(),
});

/** Sending messages, one or ten at a time. */
export function sendingOperations(store: QueueStore): readonly Operation[] {
  const send = (queue: QueueRecord, entry: z.infer<typeof Message>) => {
    const { MessageBody: body, MessageAttributes, MessageGroupId } = entry;
    const attributes = MessageAttributes ?? {};
    if (FORBIDDEN.test(body))
      throw new AwsError(
        "InvalidMessageContents",
        400,
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
      );
    const largest = Number(queue.attributes.MaximumMessageSize ?? LARGEST_BYTES);
    if (sizeOf(body, attributes) > largest)
      throw badParameter(
        `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
      );
    const delaySeconds = entry.DelaySeconds ?? Number(queue.attributes.DelaySeconds ?? 0);
    const message = store.send(queue.name, {
      body,
      attributes,
      ...(MessageGroupId && { groupId: MessageGroupId }),
      delayMs: delaySeconds * 1000,
    });
    return {
      MessageId: message.id,
      MD5OfMessageBody: md5(body),
      ...(message.attributes && { MD5OfMessageAttributes: md5OfAttributes(message.attributes) }),
    };
  };
  return [
    operation("SendMessage", ({ body }) => {
      const request = valid(Message.extend({ QueueUrl }), body, badParameter);
      return send(foundQueue(store, request.QueueUrl), request);
    }),
    operation("SendMessageBatch", ({ body }) => {
      const request = valid(z.object({ QueueUrl, Entries }), body, badParameter);
      const queue = foundQueue(store, request.QueueUrl);
      let bytes = 0;
      for (const { MessageBody } of request.Entries)
        if (typeof MessageBody === "string") bytes += Buffer.byteLength(MessageBody);
      if (bytes > LARGEST_BYTES)
        throw new AwsError(
          "BatchRequestTooLong",
          400,
          `Batch requests cannot be longer than ${LARGEST_BYTES} bytes.`,
        );
      return batched(request.Entries, Message, (entry) => send(queue, entry));
    }),
  ];
}
