import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import { type Operation, valid } from "../http/operation.ts";
import { ACCOUNT } from "../identity.ts";
import { md5, md5OfAttributes, type QueuedMessage } from "./message.ts";
import { batched, Entries, foundQueue, operation, QueueUrl } from "./queue-request.ts";
import { badParameter } from "./service.ts";
import type { QueueStore, Received } from "./store.ts";

const Seconds = z.int().min(0).max(43_200);
const Names = z.array(z.string()).nullish();
const Receive = z.object({
  QueueUrl,
  MaxNumberOfMessages: z.int().min(1).max(10).nullish(),
  VisibilityTimeout: Seconds.nullish(),
  WaitTimeSeconds: z.int().min(0).max(20).nullish(),
  AttributeNames: Names,
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});
const Handle = z.object({ ReceiptHandle: z.string().min(1) });
const Visibility = Handle.extend({ VisibilityTimeout: Seconds });

/** Receiving, deleting and hiding messages. */
export function receivingOperations(store: QueueStore): readonly Operation[] {
  const remove = ({ ReceiptHandle }: z.infer<typeof Handle>) => {
    if (!store.remove(ReceiptHandle))
      throw new AwsError("ReceiptHandleIsInvalid", 404, "The input receipt handle is invalid.");
    return {};
  };
  const hide = ({ ReceiptHandle, VisibilityTimeout }: z.infer<typeof Visibility>) => {
    const result = store.hide(ReceiptHandle, VisibilityTimeout * 1000);
    if (result === "no-handle")
      throw new AwsError("ReceiptHandleIsInvalid", 404, "The input receipt handle is invalid.");
    if (result === "not-in-flight")
      throw new AwsError("MessageNotInflight", 400, "The message is not in flight.");
    return {};
  };
  return [
    operation("ReceiveMessage", async ({ body, signal }) => {
      const request = valid(Receive, body, badParameter);
      const { name, attributes } = foundQueue(store, request.QueueUrl);
      const max = request.MaxNumberOfMessages ?? 1;
      const hideMs =
        (request.VisibilityTimeout ?? Number(attributes.VisibilityTimeout ?? 30)) * 1000;
      const waitSeconds =
        request.WaitTimeSeconds ?? Number(attributes.ReceiveMessageWaitTimeSeconds ?? 0);
      const untilMs = Date.now() + waitSeconds * 1000;
      let taken: Received[] = [];
      for (;;) {
        // A client that has gone must not take messages with it.
        if (signal.aborted) break;
        taken = store.take(name, max, hideMs);
        const leftMs = untilMs - Date.now();
        if (taken.length > 0 || leftMs <= 0) break;
        await store.arrival(name, leftMs, signal);
      }
      if (taken.length === 0) return {};
      const system = [
        ...(request.AttributeNames ?? []),
        ...(request.MessageSystemAttributeNames ?? []),
      ];
      return {
        Messages: taken.map((received) => shown(received, system, request.MessageAttributeNames)),
      };
    }),

    operation("DeleteMessage", ({ body }) => {
      const request = valid(Handle.extend({ QueueUrl }), body, badParameter);
      foundQueue(store, request.QueueUrl);
      return remove(request);
    }),
    operation("DeleteMessageBatch", ({ body }) => {
      const request = valid(z.object({ QueueUrl, Entries }), body, badParameter);
      foundQueue(store, request.QueueUrl);
      return batched(request.Entries, Handle, remove);
    }),
    operation("ChangeMessageVisibility", ({ body }) => {
      const request = valid(Visibility.extend({ QueueUrl }), body, badParameter);
      foundQueue(store, request.QueueUrl);
      return hide(request);
    }),
    operation("ChangeMessageVisibilityBatch", ({ body }) => {
      const request = valid(z.object({ QueueUrl, Entries }), body, badParameter);
      foundQueue(store, request.QueueUrl);
      return batched(request.Entries, Visibility, hide);
    }),
  ];
}

function shown(
  { message, handle }: Received,
  system: readonly string[],
  wanted: readonly string[] | null | undefined,
) {
  const attributes = Object.fromEntries(
    Object.entries(message.attributes ?? {}).filter(([name]) =>
      (wanted ?? []).some(
        (each) =>
          each === "All" ||
          each === ".*" ||
          each === name ||
          (each.endsWith(".*") && name.startsWith(each.slice(0, -1))),
      ),
    ),
  );
  const some = Object.keys(attributes).length > 0;
  const described = systemAttributes(message, system);
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(described && { Attributes: described }),
    ...(some && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

function systemAttributes(message: QueuedMessage, names: readonly string[]) {
  const all: Record<string, string | undefined> = {
    SenderId: ACCOUNT,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
  };
  const shown = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (names.includes("All") || names.includes(name)),
  );
  return shown.length > 0 ? Object.fromEntries(shown) : undefined;
}
